import type { Highs } from 'highs'
import * as highsModule from 'highs'

// The package's types describe its CommonJS form; this imports the ES module, whose default export is the loader.
const load = highsModule.default as unknown as () => Promise<Highs>

/** A fresh HiGHS: a WebAssembly module with its own memory, about 10 MB. It blocks the thread that solves. */
export function loadHighs(): Promise<Highs> {
  return load()
}
