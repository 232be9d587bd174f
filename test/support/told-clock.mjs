// Loaded before a program whose day a test plays: dates come from the test, over IPC (`{ now }`, epoch ms), while `performance` and timers
// stay real.
let nowMs = Date.now()
process.on('message', (said) => (nowMs = said.now))
process.channel?.unref()

const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [nowMs] : given))
  }

  static now() {
    return nowMs
  }
}
