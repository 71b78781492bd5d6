// KafkaProducer
