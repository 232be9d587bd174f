import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { documentsOf } from './documents.ts'
import { deadLinks } from './links.ts'
import { buildSite } from './site.ts'

/** `npm run -s docs -- OUT`: the documents as a site of static files. A link that leads nowhere is named, and the exit code is 1. */
const [out] = process.argv.slice(2)
if (!out) {
  console.error('usage: npm run -s docs -- FOLDER')
  process.exit(2)
}
const folder = resolve(out)
await rm(join(folder), { recursive: true, force: true })
await buildSite(resolve(import.meta.dirname, '../..'), folder, await documentsOf())
const dead = await deadLinks(folder)
for (const fault of dead) console.error(fault)
if (dead.length === 0) console.log(`The documents are at ${join(folder, 'index.html')}.`)
process.exit(dead.length > 0 ? 1 : 0)
