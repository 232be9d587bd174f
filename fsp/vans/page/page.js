// The page of one driver. The token of the link stands behind its hash.

const token = location.hash.slice(1)
const refreshMs = 30_000
const zone = 'Europe/London'

const at = (id) => document.getElementById(id)
const timeOf = (instant) =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
    new Date(instant),
  )
const kilo = (value, unit) => (value === null ? 'not known' : `${(value / 1000).toFixed(1)} k${unit}`)

async function call(method, path, body) {
  const headers = { authorization: `Bearer ${token}` }
  if (body) headers['content-type'] = 'application/json'
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.detail ?? 'That did not work. Try again.')
  return answer
}

function show(view) {
  at('vehicle').textContent = view.vehicleId ?? ''
  at('sentence').textContent = view.sentence
  at('plugged').textContent = view.isPluggedIn ? 'yes' : 'no'
  at('percent').textContent = view.percent === null ? 'not known' : `${view.percent} %`
  at('power').textContent = kilo(view.powerW, 'W')
  at('taken').textContent = kilo(view.takenWh, 'Wh')
  at('ready').textContent = `${timeOf(view.readyBy)}, ${view.targetPercent} %`
  at('done').textContent = view.fullAt === null ? 'not known' : timeOf(view.fullAt)
  at('override').textContent = view.overrideUntil === null ? 'Charge now' : 'No longer charge at once'
  at('override').dataset.method = view.overrideUntil === null ? 'PUT' : 'DELETE'
  for (const id of ['figures', 'actions', 'wish']) at(id).hidden = view.vehicleId === null
}

async function act(method, path, body) {
  try {
    show(await call(method, path, body))
    at('problem').hidden = true
  } catch (error) {
    at('problem').textContent = error.message
    at('problem').hidden = false
  }
}

at('override').addEventListener('click', () => act(at('override').dataset.method, '/driver/override'))
at('wish').addEventListener('submit', (event) => {
  event.preventDefault()
  const readyAt = new Date(at('time').value).toISOString()
  act('PUT', '/driver/ready-by', { readyAt, targetPercent: Number(at('target').value) })
})

if (token === '') at('sentence').textContent = 'This link is not complete: ask your fleet’s office for another.'
else {
  const refresh = () => act('GET', '/driver/van')
  refresh()
  setInterval(refresh, refreshMs)
}
