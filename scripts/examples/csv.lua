-- Rows of a CSV file as keyed JSON records: the column `id` is the key, and a row that has "true" in the column
-- `deleted` is sent as a tombstone, which takes the key's record away in a compacted topic.
--
--   kafka-lua run scripts/examples/csv.lua FILE [TOPIC]
--
--   id,name,price,deleted
--   7,"Banana, green",1.25,
--   8,Cherry,,true
local kafka = require "kafka"
local file, topic = arg and arg[1], arg and arg[2] or "products"
if not file then
  io.stderr:write("usage: kafka-lua run csv.lua FILE [TOPIC]\n")
  os.exit(2)
end

-- What a field stands for in JSON: 7 and 1.25 are numbers, nothing is null, and the rest is text.
local function plain(field)
  if field == "" then return kafka.null end
  -- No leading zeros: they are in post codes and the like, which are text.
  if field:find("^-?[1-9]%d*$") or field:find("^-?%d%.%d+$") or field == "0" then return tonumber(field) end
  return field
end

local producer <close> = kafka.producer{ value_serializer = "json" }
local rows, deleted = 0, 0

for row, line in kafka.csv(file) do
  local key = row.id
  if not key or key == "" then error(("%s:%d: the column id is missing or empty"):format(file, line), 0) end
  local value = kafka.null
  if row.deleted == "true" then
    deleted = deleted + 1
  else
    value = {}
    for column, field in pairs(row) do
      if column ~= "deleted" then value[column] = plain(field) end
    end
  end
  producer:send({ topic = topic, key = key, value = value }, function(_, err)
    if err then print(("%s:%d: %s"):format(file, line, err)) end
  end)
  rows = rows + 1
end

assert(producer:flush())
print(("%d rows sent to %s, %d of them deleted"):format(rows, topic, deleted))
