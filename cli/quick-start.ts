import '../platform/modules/resolving.ts'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What one process has compiled the next one need not compile again. In the checkout, not in a folder of all users of the machine: what is
// kept there is run. If it cannot be written every process compiles for itself; `NODE_COMPILE_CACHE` names another.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/ringmain', import.meta.url)))
