import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer } from '../../test/support/server.ts'
import { accessibilityFaults } from '../../web/test/support/accessibility.ts'
import { launchBrowser, type TestBrowser } from '../../web/test/support/browser.ts'
import { fetchDocuments } from './documents.ts'
import { deadLinks, filesIn } from './links.ts'
import { render, slugOf } from './markdown.ts'
import { navigation } from './navigation.ts'
import { buildSite } from './site.ts'

const repository = join(import.meta.dirname, '../..')
let site: string
let serverUrl: string
let browser: TestBrowser

const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-site-'))
  atEnd(() => rm(folder, { recursive: true }))
  return folder
}

beforeAll(async () => {
  browser = await launchBrowser()
  const { url } = await createTestDatabase('server')
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  serverUrl = server.portUrl
  site = await newFolder()
  await buildSite(repository, site, await fetchDocuments(serverUrl))
})

test('no link of the site leads nowhere, no anchor is missing, and every page is led to', async () => {
  expect(await deadLinks(site)).toEqual([])
  const pages = (await filesIn(site)).filter((file) => file.endsWith('.html'))
  expect(pages.length).toBeGreaterThan(100)
})

test('every document of the repository is a page of the site', async () => {
  const files = new Set(await filesIn(site))
  const ours = ['docs', 'docs/guides', 'docs/decisions']
  for (const folder of ours)
    for (const name of (await readdir(join(repository, folder))).filter((one) => one.endsWith('.md')))
      expect([...files]).toContain(`${folder}/${name.replace(/\.md$/, '.html')}`)
  for (const { pages } of navigation)
    for (const { title } of pages) expect(await readFile(join(site, 'index.html'), 'utf8')).toContain(title)
})

test('every operation of the API is in the reference, with its path', async () => {
  const { whole, control } = await fetchDocuments(serverUrl)
  const texts = await Promise.all(
    (await readdir(join(site, 'api'))).map((name) => readFile(join(site, 'api', name), 'utf8')),
  )
  const reference = texts.join('\n')
  const operations = [whole, control].flatMap(({ paths }) =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => ({
        call: `${method.toUpperCase()} ${path}`,
        operationId,
      })),
    ),
  )
  expect(operations.length).toBeGreaterThan(250)
  const missing = operations.filter(
    ({ call, operationId }) =>
      !reference.includes(`<h2 id="${operationId}"`) || !reference.includes(`<code>${call}</code>`),
  )
  expect(missing).toEqual([])
})

test('finds a file that is not there, a heading that is not there, an address that is none, and a page that nothing leads to', async () => {
  const folder = await newFolder()
  await mkdir(join(folder, 'a'))
  await writeFile(
    join(folder, 'index.html'),
    '<a href="a/page.html#here">x</a><a href="a/page.html#there">x</a><a href="none.html">x</a><img src="a/none.png"><a href="http://plain.example">x</a><a href="https://fine.example/a">x</a>',
  )
  await writeFile(
    join(folder, 'a/page.html'),
    '<h2 id="here">x</h2><a href="../index.html">x</a><a href="#nowhere">x</a>',
  )
  await writeFile(join(folder, 'a/alone.html'), '')
  expect(await deadLinks(folder)).toEqual([
    'a/page.html: a/page.html has no heading #nowhere',
    'index.html: a/page.html has no heading #there',
    'index.html: http://plain.example is no address for a reader',
    'index.html: there is no a/none.png',
    'index.html: there is no none.html',
    'no page leads to a/alone.html',
  ])
})

test('a link of a document to what is not in the repository is found in the built site', async () => {
  const { html } = render('# T\n\n[x](gone.md) ![y](gone.png)', {
    link: (href) => href,
    picture: (href) => ({ light: href, dark: null }),
  })
  const folder = await newFolder()
  await writeFile(join(folder, 'index.html'), html)
  expect(await deadLinks(folder)).toEqual(['index.html: there is no gone.md', 'index.html: there is no gone.png'])
})

test('headings have the anchors that GitHub gives them, once each', () => {
  expect(slugOf('What a line’s `state` is, and why')).toBe('what-a-lines-state-is-and-why')
  const { headings } = render('# A\n\n## B & C\n\n## B & C\n', {
    link: String,
    picture: (light) => ({ light, dark: null }),
  })
  expect(headings.map(({ id }) => id)).toEqual(['a', 'b--c', 'b--c-1'])
})

test('pictures follow the theme, and text of a page is never taken for HTML of the layout', async () => {
  expect(await readFile(join(site, 'index.html'), 'utf8')).toContain(
    '<source media="(prefers-color-scheme: dark)" srcset="docs/screens/overview-dark.png">',
  )
  const { html } = render('```sh\necho "<b>"\n```', { link: String, picture: (light) => ({ light, dark: null }) })
  expect(html).toContain('echo &quot;&lt;b&gt;&quot;')
})

test('its colours are those of the portals', async () => {
  const style = await readFile(join(site, 'style.css'), 'utf8')
  const [, , lightTokens = '', darkTokens = ''] = (
    await readFile(join(repository, 'web/shared/theme.ts'), 'utf8')
  ).split(/(?:tokens = |light: |dark: )\{/)
  const [, light = '', dark = ''] = style.split(':root {')
  for (const name of ['background', 'surface', 'line', 'text', 'secondary', 'accent'] as const) {
    const [here, there] = [new RegExp(`--${name}: (#[0-9a-f]{6});`), new RegExp(`\\b${name}: '(#[0-9a-f]{6})'`)]
    for (const [ours, theirs] of [[light, lightTokens] as const, [dark, darkTokens] as const]) {
      expect(ours).toMatch(here)
      expect(here.exec(ours)?.[1]).toBe(there.exec(theirs)?.[1])
    }
  }
})

test.each([
  'index.html',
  'docs/guides/quick-start.html',
  'docs/guides/concepts.html',
  'docs/operations.html',
  'docs/decisions/index.html',
  'api/index.html',
  'api/tenders.html',
  'api/control.html',
])('%s is accessible by axe in light and dark, fits into 400 px, and prints without its navigation', async (path) => {
  const visitor = await browser.visit({ javaScriptEnabled: true })
  const page = await visitor.newPage()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(pathToFileURL(join(site, path)).href)
    expect(await accessibilityFaults(page)).toEqual([])
  }
  await page.setViewportSize({ width: 400, height: 800 })
  expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(400)
  await page.locator('details.menu summary').click()
  expect(await page.locator('details.menu').getByRole('link', { name: 'Quick start' }).isVisible()).toBe(true)
  await page.setViewportSize({ width: 1_280, height: 800 })
  expect(await page.locator('.side').getByRole('link', { name: 'Quick start' }).isVisible()).toBe(true)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.side').isVisible()).toBe(false)
  expect(await page.locator('h1').isVisible()).toBe(true)
  await visitor.close()
})
