-- Ten records with keys, and a callback for each that says where the record lies.
--
--   kafka-lua run scripts/examples/ten_records.lua [TOPIC]
local topic = arg and arg[1] or "orders"

for i = 1, 10 do
  send({ topic = topic, key = "key " .. i, value = "value " .. i }, function(md, err)
    if err then return print("key " .. i, err) end
    print(("topic=%s partition=%d offset=%d"):format(md.topic, md.partition, md.offset))
  end)
end

-- Callbacks run in this thread while it waits; a script that just ends waits for its records too.
assert(flush())
