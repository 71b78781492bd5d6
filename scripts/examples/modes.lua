-- The three ways to send, side by side.
--
--   kafka-lua run scripts/examples/modes.lua [TOPIC]
local topic = arg and arg[1] or "orders"

-- Fire and forget: nobody looks at the outcome. Errors are still named when the script ends.
for i = 1, 3 do send(topic, "forget", "record " .. i) end

-- Sync: each record waits for its acknowledgement. Safe, simple, and as slow as the network.
for i = 1, 3 do
  local future = assert(send(topic, "sync", "record " .. i))
  local md = assert(future:get())
  print(("sync: %s-%d @ %d"):format(md.topic, md.partition, md.offset))
end

-- Async: a callback hears of each record while the script goes on.
for i = 1, 3 do
  send(topic, "async", "record " .. i, function(md, err)
    if err then return print("async: " .. err.message) end
    print(("async: %s-%d @ %d"):format(md.topic, md.partition, md.offset))
  end)
end

assert(flush())
