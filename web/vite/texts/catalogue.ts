import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { po } from 'gettext-parser'
import { parseSync } from 'vite'
import { textsIn } from './find.ts'
import { faultOf, type Lookup } from './translate.ts'

const web = join(import.meta.dirname, '..', '..')

/** The faces, by their folders in `web/`. */
export const faces = ['portal', 'planner', 'depot'] as const
export type Face = (typeof faces)[number]

/** The file with every text of a face, which a translation starts from. */
export function templateFile(face: Face): string {
  return join(web, face, 'texts', `${face}.pot`)
}

/** A language that a face is built in. */
export interface Language {
  /** Its tag (BCP 47), such as `cy`. */
  tag: string
  lookup: Lookup
}

/**
 * The language with a tag, from `texts/TAG.po` in a face's folder; `null`: English, which is what the sources are in.
 * Errors: no such file; what `readLanguage` refuses.
 */
export function languageOf(root: string, tag: string | undefined): Language | null {
  if (tag === undefined || tag === '' || tag === 'en' || tag.startsWith('en-')) return null
  const face = faces.find((each) => each === basename(root))
  if (!face) throw new Error(`${root} is no face: ${faces.join(', ')}`)
  const file = join(root, 'texts', `${tag}.po`)
  if (!existsSync(file))
    throw new Error(
      `RINGMAIN_LANGUAGE is ${tag}, but there is no ${file}: make it from ${basename(templateFile(face))} beside it`,
    )
  return { tag, lookup: readLanguage(face, readFileSync(file, 'utf8')) }
}

/** The modules of `web/` that a face is made of, its own and those that it shares with others, by their paths in `web/`. */
export function modulesOf(face: Face): string[] {
  const seen = new Set<string>()
  const waiting = [join(web, face, 'main.tsx')]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const { staticImports, staticExports, dynamicImports } = parseSync(file, readFileSync(file, 'utf8')).module
    const named = [
      ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
      ...dynamicImports.map(({ moduleRequest }) =>
        readFileSync(file, 'utf8').slice(moduleRequest.start + 1, moduleRequest.end - 1),
      ),
    ]
    for (const name of named) {
      const path = join(dirname(file), name)
      if (name.startsWith('.') && /\.tsx?$/.test(name) && path.startsWith(web)) waiting.push(path)
    }
  }
  return [...seen].map((file) => relative(web, file)).sort()
}

/** Every text of a face with the modules that show it. */
export function textsOf(face: Face): Map<string, string[]> {
  const shownBy = new Map<string, string[]>()
  for (const module of modulesOf(face))
    for (const { text } of textsIn(module, readFileSync(join(web, module), 'utf8'))) {
      const modules = shownBy.get(text) ?? []
      if (modules.at(-1) !== module) modules.push(module)
      shownBy.set(text, modules)
    }
  return shownBy
}

/** The template of a face's translations: a gettext file with each text once, and below it where it is shown. */
export function templateOf(face: Face): string {
  const entries = [...textsOf(face)].map(([msgid, modules]) => ({
    msgid,
    msgstr: [''],
    comments: { reference: modules.join('\n') },
  }))
  return po
    .compile({
      charset: 'utf-8',
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit' },
      translations: { '': Object.fromEntries(entries.map((entry) => [entry.msgid, entry])) },
    })
    .toString()
}

/**
 * The texts of a face in a language, from its file in gettext's form. A text without a translation stays English, and so does one that
 * is marked as fuzzy.
 * Errors: a text that the face does not have (any more), a translation with other `{name}`s than its text; all of them at once.
 */
export function readLanguage(face: Face, written: string): Lookup {
  const known = textsOf(face)
  const said = new Map<string, string>()
  const faults: string[] = []
  for (const { msgid, msgstr, comments } of Object.values(po.parse(written).translations[''] ?? {})) {
    const translation = msgstr[0] ?? ''
    if (msgid === '' || translation === '' || comments?.flag?.includes('fuzzy')) continue
    const fault = known.has(msgid) ? faultOf(msgid, translation) : `“${msgid}” is no text of this face`
    if (fault === null) said.set(msgid, translation)
    else faults.push(fault)
  }
  if (faults.length > 0)
    throw new Error(
      `${faults.length} texts of this language cannot be used for the ${face}\n${faults.map((each) => `- ${each}`).join('\n')}`,
    )
  return (text) => said.get(text)
}
