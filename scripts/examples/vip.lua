-- A partitioner: the orders of VIP customers go to partition 0, the others where Kafka's own partitioner puts them.
--
--   kafka> p = kafka.producer{ partitioner = "scripts/examples/vip.lua" }
--   kafka> p:send{ topic = "orders", key = "alice", value = "gold" }
--
-- Change the list, then `p:swap("partitioner", "scripts/examples/vip.lua")`: records go on flowing, and the counts
-- go on from where they were.
local vips = { alice = true, bob = true }
local counts

return {
  name = "vip",
  version = "1.0",

  partition = function(r)
    local kind = vips[r.key] and "vip" or "other"
    if counts then counts[kind] = counts[kind] + 1 end
    -- nil leaves the record to the built-in partitioner.
    return kind == "vip" and 0 or nil
  end,

  -- What the next version of this file starts from: plain data.
  on_unload = function() return counts end,

  -- Called once this version is about to take over; `state` is nil the first time.
  on_load = function(state) counts = state or { vip = 0, other = 0 } end,
}
