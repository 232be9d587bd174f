import { registerHooks } from 'node:module'

// `node --import loaded-modules.mjs …`: says on standard error which modules a program loads, one a line.
registerHooks({
  load(url, context, nextLoad) {
    process.stderr.write(`loaded ${url}\n`)
    return nextLoad(url, context)
  },
})
