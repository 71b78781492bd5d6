-- An interceptor that puts the time in milliseconds in front of each value.
--
--   kafka> p = kafka.producer{ interceptors = { "scripts/examples/timestamp_prefix.lua" } }
--   kafka> p:send{ topic = "orders", key = "k1", value = "hello" }      -- 1763711878123,hello
local kafka = require "kafka"

return {
  name = "timestamp_prefix",

  on_send = function(r)
    -- A tombstone has no value and stays one.
    if r.value then r.value = ("%d,%s"):format(r.timestamp or kafka.now(), r.value) end
  end,
}
