import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { po } from 'gettext-parser'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { faces, languageOf, modulesOf, readLanguage, templateFile, textsOf } from './catalogue.ts'
import { translated } from './translate.ts'

const web = join(import.meta.dirname, '..', '..')

const languageWith = (words: Record<string, string>) =>
  po
    .compile({
      charset: 'utf-8',
      headers: {},
      translations: {
        '': Object.fromEntries(Object.entries(words).map(([msgid, said]) => [msgid, { msgid, msgstr: [said] }])),
      },
    })
    .toString()

describe.each(faces)('the texts of the %s', (face) => {
  test('its catalogue has the texts of its own screens and of those parts that it shares', () => {
    const written = po.parse(readFileSync(templateFile(face))).translations[''] ?? {}
    expect(Object.keys(written)).toEqual(['', ...textsOf(face).keys()])
    const shownBy = [...textsOf(face).values()].flat()
    expect(shownBy.some((module) => module.startsWith(`${face}/screens/`))).toBe(true)
    expect(shownBy.some((module) => module.startsWith('shared/'))).toBe(true)
  })

  test('each of its modules is still a module when all of its texts have been replaced', () => {
    for (const module of modulesOf(face)) {
      const code = translated(module, readFileSync(join(web, module), 'utf8'), (text) => `⟦${text}⟧`)
      if (code !== null) expect([module, parseSync(module, code).errors]).toEqual([module, []])
    }
  })
})

test('a language is what its file says; what it leaves out or is not sure of stays English', () => {
  const lookup = readLanguage('planner', languageWith({ 'Your account': 'Eich cyfrif', Applications: '' }))
  expect(lookup('Your account')).toBe('Eich cyfrif')
  expect(lookup('Applications')).toBeUndefined()
  const fuzzy = '#, fuzzy\nmsgid "Applications"\nmsgstr "Ceisiadau?"\n'
  expect(readLanguage('planner', fuzzy)('Applications')).toBeUndefined()
})

test('all that is wrong with a language is said at once', () => {
  const wrong = languageWith({ 'Your acount': 'Eich cyfrif', 'Your own pages are in {a}.': 'Mae eich tudalennau yma.' })
  expect(() => readLanguage('planner', wrong)).toThrow(
    '2 texts of this language cannot be used for the planner\n- “Your acount” is no text of this face\n- “Mae eich tudalennau yma.” has no value',
  )
})

test('English needs no file, and a language without one is refused with what to make it from', () => {
  const root = join(web, 'planner')
  expect([undefined, '', 'en', 'en-GB'].map((tag) => languageOf(root, tag))).toEqual([null, null, null, null])
  expect(() => languageOf(root, 'cy')).toThrow('make it from planner.pot beside it')
})
