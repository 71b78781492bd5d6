-- An interceptor that masks card numbers in values, says so in a header, and counts the records that failed.
--
--   kafka> p = kafka.producer{ interceptors = { "scripts/examples/mask.lua" } }
--   kafka> p:send{ topic = "payments", value = "paid with 4111 1111 1111 1111" }   -- paid with ************1111
local failures = 0

-- Luhn's check: it keeps order numbers and the like from being taken for cards.
local function is_card(digits)
  if #digits < 13 or #digits > 19 then return false end
  local sum, doubles = 0, false
  for i = #digits, 1, -1 do
    local digit = digits:byte(i) - 48
    if doubles then digit = digit * 2 end
    sum = sum + (digit > 9 and digit - 9 or digit)
    doubles = not doubles
  end
  return sum % 10 == 0
end

return {
  name = "mask",
  version = "1.0",

  on_send = function(r)
    if not r.value then return end
    local count = 0
    local value = r.value:gsub("%d[%d %-]+%d", function(run)
      local digits = run:gsub("%D", "")
      if not is_card(digits) then return nil end
      count = count + 1
      return ("*"):rep(#digits - 4) .. digits:sub(-4)
    end)
    if count == 0 then return end
    r.value = value
    local headers = r.headers
    headers[#headers + 1] = { "masked-cards", tostring(count) }
  end,

  -- Runs on a thread of its own, when the record has been acknowledged or has failed.
  on_ack = function(_, err)
    if err then failures = failures + 1 end
  end,

  on_unload = function() return { failures = failures } end,
  on_load = function(state) failures = state and state.failures or 0 end,
}
