-- The partitioner of "Kafka: The Definitive Guide": one customer, Banana, is so large that it gets a partition to
-- itself, the last one; the others share the rest by the hash of their key, as Kafka's own partitioner would.
--
--   kafka-lua run scripts/examples/banana.lua
--
-- This file is a plugin and a script. Loaded as a plugin there is no `arg`, and it returns the partitioner; run as a
-- script it makes a producer with itself as the partitioner, and sends.
local large_customer = "Banana"

local function partition(r, n)
  if not r.key then error("every record needs the customer's name as its key") end
  if n == 1 then return 0 end
  if r:key_is(large_customer) then return n - 1 end
  return r:hash() % (n - 1)
end

-- The partition depends on the key alone, so it is asked for once a customer and then remembered.
if not arg then return { name = "banana", version = "1.0", partition_by = "key", partition = partition } end

local kafka = require "kafka"
local topic = arg[1] or "payments"
local customers = { "Apple", "Banana", "Cherry", "Banana", "Date", "Banana" }

local producer <close> = kafka.producer{ partitioner = arg[0] }
for number, customer in ipairs(customers) do
  producer:send({ topic = topic, key = customer, value = "payment " .. number }, function(md, err)
    print(customer, err or ("%s-%d @ %d"):format(md.topic, md.partition, md.offset))
  end)
end
