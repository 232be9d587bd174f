import { Marked, type Tokens } from 'marked'

export interface Heading {
  depth: number
  text: string
  id: string
}

export interface Rendered {
  /** Of the first heading. */
  title: string
  html: string
  headings: Heading[]
}

/** Where a link or picture of a page leads on the site, as it stands in the Markdown; pictures of the dark theme where there is one. */
export interface Resolve {
  link(href: string): string
  picture(href: string): { light: string; dark: string | null }
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
}

/** Plain words of a document of ours, with what stands in backticks as code. */
export function words(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

/** The identifier of a heading, as GitHub makes it: links work on both. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

/** Identifiers that are given once: a heading that comes again has a number. */
function slugs(): (text: string) => string {
  const seen = new Map<string, number>()
  return (text) => {
    const slug = slugOf(text)
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  }
}

/** HTML of a Markdown page of ours, with an anchor for each heading. */
export function render(markdown: string, resolve: Resolve): Rendered {
  const headings: Heading[] = []
  const idOf = slugs()
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const inner = this.parser.parseInline(tokens)
        const text = plain(inner)
        const id = idOf(text)
        headings.push({ depth, text, id })
        const anchor = depth > 1 ? ` <a class="anchor" href="#${id}" aria-label="Link to “${escaped(text)}”">#</a>` : ''
        return `<h${depth} id="${id}">${inner}${anchor}</h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        return `<a href="${escaped(resolve.link(href))}">${this.parser.parseInline(tokens)}</a>`
      },
      image({ href, text }: Tokens.Image) {
        const { light, dark } = resolve.picture(href)
        const image = `<img src="${escaped(light)}" alt="${escaped(text)}" loading="lazy">`
        if (!dark) return image
        return `<picture><source media="(prefers-color-scheme: dark)" srcset="${escaped(dark)}">${image}</picture>`
      },
      table(token: Tokens.Table) {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`
        const body = token.rows.map((cells) => row(cells, 'td')).join('\n')
        return `<div class="wide" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`
      },
      code({ text, lang }: Tokens.Code) {
        return `<pre tabindex="0"><code${lang ? ` class="language-${escaped(lang)}"` : ''}>${escaped(text)}</code></pre>\n`
      },
    },
  })
  const html = marked.parse(markdown, { async: false })
  return { title: headings[0]?.text ?? '', html, headings }
}

/** Text of rendered words. */
function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}
