// DevBroker
