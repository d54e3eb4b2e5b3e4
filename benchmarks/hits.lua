-- Pixel requests of many people: a hundred tokens, two hundred user agents, in turn. THINK_MS spaces them out,
-- so that the rate is (connections / think time) and latency is measured at a load that is not the limit.
local requests, next_request = {}, 0
local think = tonumber(os.getenv("THINK_MS") or "0")
local tokens = tonumber(os.getenv("TOKENS") or "100")
local fixed = os.getenv("TOKEN")

function init(args)
  math.randomseed(os.time())
  for i = 1, 400 do
    local token = fixed or string.format("benchmark-token-%08d", i % tokens)
    local agent = string.format(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.%d.0 Safari/537.36",
      100 + i % 40, i % 200)
    requests[i] = wrk.format("GET", "/api/t/u/" .. token .. ".gif", { ["User-Agent"] = agent })
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

if think > 0 then
  function delay() return math.random(0, 2 * think) end
end

function done(summary, latency, other)
  io.write(string.format(
    "RESULT {\"requests\": %d, \"seconds\": %.6f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"errors\": %d}\n",
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
      + summary.errors.timeout))
end
