-- Two records in one transaction: money leaves one account and comes to another, or neither happens.
--
--   kafka-lua run -b broker:9092 scripts/examples/transfer.lua
--   kcat -C -b broker:9092 -t transfers -e -X isolation.level=read_committed
local p <close> = kafka.producer{ ["transactional.id"] = "transfers" }
local balance = { alice = 100, bob = 0 }

local function transfer(from, to, amount)
  return p:transaction(function(tx)
    assert(tx:send("transfers", from, "-" .. amount))
    assert(tx:send("transfers", to, "+" .. amount))
    -- Whatever is raised aborts: with read_committed nobody sees the two records above.
    if balance[from] < amount then error(from .. " has only " .. balance[from], 0) end
    balance[from], balance[to] = balance[from] - amount, balance[to] + amount
    return balance[from]
  end)
end

print("alice has " .. transfer("alice", "bob", 70) .. " left")
print(pcall(transfer, "alice", "bob", 70))
print("bob has " .. transfer("bob", "alice", 20) .. " left")
