import { readFileSync } from 'node:fs'
import { join, normalize, relative } from 'node:path'
import type { Plugin } from 'vite'
import type { Language } from './catalogue.ts'
import { translated } from './translate.ts'

const web = join(import.meta.dirname, '..', '..')

/**
 * Builds a face in another language than the English of its sources: each text is replaced where it stands, so that no page loads a
 * catalogue or a library for it.
 */
export function inLanguage({ tag, lookup }: Language): Plugin {
  return {
    name: 'in-language',
    enforce: 'pre',
    transform(_, id) {
      const path = normalize(id)
      if (!path.startsWith(web) || !/\.tsx?$/.test(path)) return null
      const code = translated(relative(web, path), readFileSync(path, 'utf8'), lookup)
      return code === null ? null : { code, map: null }
    },
    transformIndexHtml: (html) => html.replace(/<html lang="[^"]*"/, `<html lang="${tag}"`),
  }
}
