import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { type ApiDocuments, apiPages } from './api-pages.ts'
import { from, layOut, type NavigationGroup, type Page } from './layout.ts'
import { escaped, render } from './markdown.ts'
import { navigation } from './navigation.ts'

/** What a page is made from: a Markdown file of the repository, or a folder without a README, which is listed. */
type Source = string

/** Builds the site into a folder. Pages are those of the navigation and all that they lead to. */
export async function buildSite(repository: string, out: string, documents: ApiDocuments): Promise<void> {
  const site = new Site(repository)
  for (const { pages } of navigation) for (const { file } of pages) site.reach(file)
  await site.read()
  const api = apiPages(documents)
  const groups: NavigationGroup[] = [
    ...navigation.map(({ title, pages }) => ({
      title,
      pages: pages.map((page) => ({ path: site.placeOf(page.file) ?? '', title: page.title })),
    })),
    { title: 'API', pages: [{ path: 'api/index.html', title: 'API reference' }] },
  ]
  for (const page of [...site.pages, ...api]) await write(out, page.path, layOut(page, groups))
  for (const file of site.files) {
    await mkdir(dirname(join(out, file)), { recursive: true })
    await copyFile(join(repository, file), join(out, file))
  }
  await copyFile(join(import.meta.dirname, 'style.css'), join(out, 'style.css'))
  await copyFile(join(repository, 'web/portal/public/icon.svg'), join(out, 'icon.svg'))
}

async function write(out: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(out, path)), { recursive: true })
  await writeFile(join(out, path), text)
}

/** Follows the links of Markdown files through the repository. */
class Site {
  readonly pages: Page[] = []
  /** Files that are no pages and go along as they are. */
  readonly files = new Set<string>()
  readonly #repository: string
  readonly #queue: Source[] = []
  readonly #places = new Map<Source, string>()

  constructor(repository: string) {
    this.#repository = repository
  }

  /** Where a source is on the site; nothing if it is no page of it. */
  placeOf(source: Source): string | undefined {
    return this.#places.get(source)
  }

  reach(source: Source): string {
    const known = this.#places.get(source)
    if (known) return known
    const isFolder = !source.endsWith('.md')
    const place = isFolder
      ? `${source}/index.html`
      : source.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html')
    this.#places.set(source, place)
    this.#queue.push(source)
    return place
  }

  async read(): Promise<void> {
    for (let source = this.#queue.shift(); source; source = this.#queue.shift())
      this.pages.push(source.endsWith('.md') ? await this.#page(source) : await this.#list(source))
  }

  async #page(source: Source): Promise<Page> {
    const path = this.reach(source)
    const text = await readFile(join(this.#repository, source), 'utf8')
    const targets = await this.#targetsOf(text, source)
    const there = (href: string) => {
      const [to = '', anchor] = href.split('#')
      const target = targets.get(to)
      // What is not in the repository stays as it is, and the check of the built site names it.
      return target ? `${from(path, target)}${anchor ? `#${anchor}` : ''}` : href
    }
    const rendered = render(text, {
      link: there,
      picture: (href) => {
        const dark = targets.get(href.replace(/-light\.png$/, '-dark.png'))
        return { light: there(href), dark: href.endsWith('-light.png') && dark ? from(path, dark) : null }
      },
    })
    return { path, ...rendered }
  }

  /** Where the links of a page lead on the site, by what stands before their anchor. */
  async #targetsOf(text: string, source: Source): Promise<Map<string, string>> {
    const targets = new Map<string, string>()
    const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, href]) => href ?? '')
    const dark = links
      .filter((href) => href.endsWith('-light.png'))
      .map((href) => href.replace(/-light\.png$/, '-dark.png'))
    for (const href of [...links, ...dark]) {
      if (/^[a-z]+:/i.test(href)) continue
      const target = await this.#targetOf(posix.normalize(posix.join(posix.dirname(source), href)).replace(/\/$/, ''))
      if (target) targets.set(href, target)
    }
    return targets
  }

  async #targetOf(path: string): Promise<string | null> {
    const found = await stat(join(this.#repository, path)).catch(() => null)
    if (!found) return null
    if (found.isDirectory()) {
      const readme = await stat(join(this.#repository, path, 'README.md')).catch(() => null)
      return this.reach(readme ? posix.join(path, 'README.md') : path)
    }
    if (path.endsWith('.md')) return this.reach(path)
    this.files.add(path)
    return path
  }

  /** A folder as a list of its Markdown files by their titles. */
  async #list(source: Source): Promise<Page> {
    const path = this.reach(source)
    const names = (await readdir(join(this.#repository, source))).filter((name) => name.endsWith('.md')).sort()
    const items = await Promise.all(
      names.map(async (name) => {
        const place = this.reach(posix.join(source, name))
        const [, title = name] = /^# (.*)$/m.exec(await readFile(join(this.#repository, source, name), 'utf8')) ?? []
        return `<li><a href="${from(path, place)}">${escaped(title)}</a></li>`
      }),
    )
    const word = posix.basename(source)
    const title = `${word.charAt(0).toUpperCase()}${word.slice(1)}`
    return { path, title, html: `<h1 id="top">${escaped(title)}</h1><ul>${items.join('\n')}</ul>`, headings: [] }
  }
}
