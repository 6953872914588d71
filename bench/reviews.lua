-- For wrk: sends the bodies of a file, one a line, in turns. In each, @SERIAL@ becomes twelve digits that no other request has.
-- Prints: requests, microseconds, errors.

local parts = {}
local serial = 0
local turn = 0

function init(args)
  wrk.headers["Content-Type"] = "application/json"
  for body in io.lines(args[1]) do
    local pieces = {}
    local length = 0
    local start = 1
    while true do
      local from, to = body:find("@SERIAL@", start, true)
      pieces[#pieces + 1] = body:sub(start, from and from - 1)
      length = length + #pieces[#pieces]
      if not from then break end
      length = length + 12
      start = to + 1
    end
    -- wrk writes the length of the body that it is given.
    local request = wrk.format("POST", nil, nil, string.rep("0", length))
    pieces[1] = request:sub(1, -length - 1) .. pieces[1]
    parts[#parts + 1] = pieces
  end
end

function request()
  serial = serial + 1
  turn = turn % #parts + 1
  return table.concat(parts[turn], string.format("%012d", serial))
end

function done(summary)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
