// KafkaLua
