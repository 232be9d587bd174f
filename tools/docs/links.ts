import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** Every file below a folder, as paths from it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, join(entry.parentPath, entry.name)))
}

/**
 * Links of a built site that lead nowhere: to a file that it does not have, or an anchor that its page does not have; and pages that no other page
 * leads to. Addresses outside are not called, only read: they must be https.
 */
export async function deadLinks(folder: string): Promise<string[]> {
  const files = new Set(await filesIn(folder))
  const pages = new Map<string, { links: string[]; anchors: Set<string> }>()
  for (const path of [...files].filter((file) => file.endsWith('.html'))) {
    const html = await readFile(join(folder, path), 'utf8')
    pages.set(path, {
      links: [...html.matchAll(/\s(?:href|src|srcset)="([^"]*)"/g)].map(([, to]) =>
        (to ?? '').replaceAll('&amp;', '&'),
      ),
      anchors: new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? '')),
    })
  }
  const reached = new Set<string>(['index.html'])
  const faults: string[] = []
  for (const [path, { links }] of pages)
    for (const link of links) {
      if (/^[a-z]+:/i.test(link)) {
        if (!/^(https:\/\/[^/\s]+|mailto:.+@)/.test(link)) faults.push(`${path}: ${link} is no address for a reader`)
        continue
      }
      const [to = '', anchor] = link.split('#')
      const target = to === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(to)))
      if (!files.has(target)) faults.push(`${path}: there is no ${target}`)
      else if (anchor && !pages.get(target)?.anchors.has(decodeURIComponent(anchor)))
        faults.push(`${path}: ${target} has no heading #${anchor}`)
      if (target !== path) reached.add(target)
    }
  for (const path of pages.keys()) if (!reached.has(path)) faults.push(`no page leads to ${path}`)
  return [...new Set(faults)].sort()
}
