import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Language } from '../vite/texts/catalogue.ts'
import { expectLoaded } from './support/loading.ts'
import { type Portal, startPortal } from './support/portal.ts'

/** A language in which every text is marked, so that what is not from the catalogue can be seen. */
const marked: Language = { tag: 'en-XA', lookup: (text) => `⟦${text}⟧` }

let portal: Portal

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z', { language: marked })
}, 180_000)

/** Every screen that needs no identifier in its address; but not that of settings, which shows their own names and figures. */
function addresses(): string[] {
  const routes = join(import.meta.dirname, '..', 'portal', 'routes')
  const paths = readdirSync(routes).flatMap((file) =>
    [...readFileSync(join(routes, file), 'utf8').matchAll(/\bpath: '([^'$]*)'/g)].map(([, path]) => path ?? ''),
  )
  return [...new Set(paths)].filter((path) => !['/log-in', '/settings'].includes(path)).sort()
}

/** Words of a page in their order: its texts, and those of attributes that people are read, each by itself. */
const wordsOfPage = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  const texts = [], attributes = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) texts.push(['SCRIPT', 'STYLE'].includes(node.parentElement.tagName) ? '' : node.data)
    else if (!node.closest('[aria-hidden=true]')) for (const name of ['aria-label', 'title', 'placeholder']) attributes.push(node.getAttribute(name) ?? '')
  }
  return { texts, attributes }
})()`

/**
 * Words outside of every mark. A mark may begin in one text and end in another, as where a word of a sentence is a link; one that does not end
 * would hide what follows.
 */
function outside(texts: readonly string[]): string[] {
  let depth = 0
  const found = texts.map((text) =>
    [...text]
      .filter((sign) => {
        if (sign === '⟦') depth++
        else if (sign === '⟧') depth--
        return depth === 0 && sign !== '⟧'
      })
      .join('')
      .trim(),
  )
  expect([depth, depth === 0 ? [] : texts]).toEqual([0, []])
  return found
}

/** What a page shows that is not from the catalogue. */
async function unmarked(page: Page): Promise<string[]> {
  const { texts, attributes } = await page.evaluate<{ texts: string[]; attributes: string[] }>(wordsOfPage)
  const found = [...outside(texts), ...attributes.flatMap((each) => outside([each]))]
  return [...new Set(found.filter((text) => /\p{L}{2}/u.test(text)))]
}

/** Every string in an answer. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** What the pages show of what is stored, which is in the language of those who stored it. */
async function dataOnScreens(): Promise<string[]> {
  const planner = await portal.person('another-planner', 'planner')
  const answers = [
    await planner.ask(operations.listAreas, {}),
    await planner.ask(operations.listLayouts, {}),
    await planner.ask(operations.listProducts, {}),
    await planner.ask(operations.listAccounts, {}),
  ]
  return ['Everybody', 'everybody', ...answers.flatMap(({ body }) => stringsIn(body))]
}

/** Dates, which the browser writes in the language of the page as far as it knows it; codes; the name of the program. */
function isOfNoLanguage(text: string): boolean {
  return /^((\w{3} )?\w{3} \d+(, \d{4})?( \d\d:\d\d)?:?|GMT|BL01|Ringmain)$/.test(text)
}

test('in a language that marks every text no screen of the portal that needs no identifier has words without a mark, but for what is stored', async () => {
  const everybody = await portal.account({
    username: 'everybody',
    fullName: 'Everybody',
    roles: ['planner', 'flexibility-engineer', 'settlement', 'operator', 'administrator'],
  })
  const page = await portal.open(everybody, '/')
  expect(await page.getAttribute('html', 'lang')).toBe('en-XA')
  const left: Record<string, string[]> = {}
  for (const path of addresses()) {
    await page.goto(`${portal.url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expectLoaded(page)
    for (const text of await unmarked(page)) left[text] = [...(left[text] ?? []), path]
  }
  const data = await dataOnScreens()
  const isData = (text: string) => data.some((each) => text === each || text.startsWith(`${each} (`))
  const rest = Object.entries(left).filter(([text]) => !isOfNoLanguage(text) && !isData(text))
  expect(Object.fromEntries(rest)).toEqual({})
}, 300_000)
