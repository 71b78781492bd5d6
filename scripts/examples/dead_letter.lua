-- Sends the lines of standard input, and what could not be delivered to <topic>.dlq: a dead letter topic. Each dead
-- letter has the reason in its headers.
--
--   kafka-lua run -b broker:9092 scripts/examples/dead_letter.lua TOPIC < FILE
local kafka = require "kafka"
local topic = arg and arg[1] or "orders"
local dead_letters = topic .. ".dlq"
local lost = 0

-- Dead letters are not lost again for being large: they go uncut, by a producer of their own.
local undertaker <close> = kafka.producer{ ["max.request.size"] = 100 << 20, ["client.id"] = "dead-letters" }

local function bury(line, number, err)
  local record = {
    topic = dead_letters, value = line,
    headers = { { "topic", topic }, { "line", tostring(number) }, { "error", tostring(err) } },
  }
  undertaker:send(record, function(_, failure)
    if not failure then return end
    lost = lost + 1
    print(("line %d is lost: %s"):format(number, failure))
  end)
end

local sent, failed = 0, 0
for line, number in kafka.lines() do
  sent = sent + 1
  send(topic, nil, line, function(_, err)
    if not err then return end
    failed = failed + 1
    bury(line, number, err)
  end)
end

-- First all outcomes, whose callbacks bury what failed; then the dead letters' own.
assert(flush())
assert(undertaker:flush())
print(("%d of %d lines delivered, %d in %s"):format(sent - failed, sent, failed - lost, dead_letters))
