-- For wrk: asks the questions of a file in turn, a request body a line.
--   wrk -t 2 -c 64 -d 30s -s wrk.lua http://127.0.0.1:8080 -- requests.jsonl
local bodies = {}
local asked = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    bodies[#bodies + 1] = line
  end
end

function request()
  asked = asked % #bodies + 1
  return wrk.format("POST", "/v1/answers", { ["Content-Type"] = "application/json" }, bodies[asked])
end
