import { posix } from 'node:path'
import { escaped, type Heading } from './markdown.ts'

/** A page of the site. `path` is that of its file, from the root of the site. */
export interface Page {
  path: string
  title: string
  html: string
  headings: readonly Heading[]
}

/** A group of the navigation with the paths of its pages. */
export interface NavigationGroup {
  title: string
  pages: readonly { path: string; title: string }[]
}

/** The relative address of one file of the site from another. */
export function from(page: string, to: string): string {
  return posix.relative(posix.dirname(page), to) || posix.basename(to)
}

/** A whole page: navigation, content, what is on it. It has no script: the navigation folds by HTML alone. */
export function layOut(page: Page, groups: readonly NavigationGroup[]): string {
  // The reference is one entry of the navigation, whatever page of it is open.
  const isHere = (path: string) => path === page.path || (path === 'api/index.html' && page.path.startsWith('api/'))
  const groupOf = groups.find(({ pages }) => pages.some(({ path }) => isHere(path)))
  const item = ({ path, title }: { path: string; title: string }) =>
    `<li><a href="${from(page.path, path)}"${isHere(path) ? ' aria-current="page"' : ''}>${escaped(title)}</a></li>`
  const group = (one: NavigationGroup) =>
    `<p class="group">${escaped(one.title)}</p><ul>${one.pages.map(item).join('')}</ul>`
  const parts = page.headings.filter(({ depth }) => depth === 2)
  const contents =
    parts.length < 3
      ? ''
      : `<nav class="contents" aria-label="On this page"><details><summary>On this page</summary><ul>${parts
          .map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`)
          .join('')}</ul></details></nav>`
  const all = `<nav aria-label="Pages">${groups.map(group).join('')}</nav>`
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(page.title === 'Ringmain' ? page.title : `${page.title} · Ringmain`)}</title>
<link rel="icon" href="${from(page.path, 'icon.svg')}">
<link rel="stylesheet" href="${from(page.path, 'style.css')}">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><a href="${from(page.path, 'index.html')}"><img src="${from(page.path, 'icon.svg')}" alt="" width="24" height="24">Ringmain</a>${groupOf ? `<span>${escaped(groupOf.title)}</span>` : ''}</header>
<div class="frame">
<details class="menu"><summary>Pages</summary>${all}</details>
<div class="side">${all}</div>
<main id="content">
${contents}
${page.html}
</main>
</div>
</body>
</html>
`
}
