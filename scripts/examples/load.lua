-- A steady load: so many records a second, for so long, with the latencies at the end.
--
--   kafka-lua run scripts/examples/load.lua [RATE [SECONDS [TOPIC [BYTES]]]]       20,000 a second for 30 s, if not said
--
-- The loop is open: each record has its time, whether those before it were late or not, and its latency counts from
-- that time. A broker that stalls for a second is seen by all the records that were due in that second, and not by the
-- few alone that were under way.
local kafka = require "kafka"
local rate = tonumber(arg and arg[1] or 20000)
local seconds = tonumber(arg and arg[2] or 30)
local topic = arg and arg[3] or "load"
local value = ("x"):rep(tonumber(arg and arg[4] or 100))
if not rate or not seconds then
  io.stderr:write("usage: kafka-lua run load.lua [RATE [SECONDS [TOPIC [BYTES]]]]\n")
  os.exit(2)
end

local latency = kafka.histogram()
local sent, failed = 0, 0

local function milliseconds(percentile) return latency:percentile(percentile) * 1000 end

-- A live line, written over itself each second.
local start = kafka.clock()
local progress = kafka.every(1, function()
  io.stderr:write(("\r%3.0f s  %d sent, %d delivered, %d failed, p99 %.1f ms "):format(
    kafka.clock() - start, sent, latency:count(), failed, milliseconds(99)))
end)

for number, due in kafka.rate(rate, { duration = seconds }) do
  sent = number
  send(topic, "key " .. number % 1000, value, function(_, err)
    if err then failed = failed + 1 else latency:record_since(due) end
  end)
end

assert(flush())
progress:cancel()
io.stderr:write("\n")
print(("%d records in %.1f s, %d failed"):format(sent, kafka.clock() - start, failed))
print(("latency in ms: p50 %.2f, p99 %.2f, p99.9 %.2f, max %.2f"):format(
  milliseconds(50), milliseconds(99), milliseconds(99.9), latency:max() * 1000))
