import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { faces, templateFile, templateOf } from '../web/vite/texts/catalogue.ts'

/** Catalogues of texts that are not what the sources of their faces say. */
export async function textFaults(): Promise<string[]> {
  const faults = await Promise.all(
    faces.map(async (face) => {
      const written = await readFile(templateFile(face), 'utf8').catch(() => '')
      return written === templateOf(face) ? [] : [`${relative('.', templateFile(face))} is out of date: npm run texts`]
    }),
  )
  return faults.flat()
}

/** `npm run texts`: writes the catalogue of each face anew. */
async function main(): Promise<void> {
  for (const face of faces) {
    await mkdir(dirname(templateFile(face)), { recursive: true })
    await writeFile(templateFile(face), templateOf(face))
  }
}

if (process.argv[1] === import.meta.filename) await main()
