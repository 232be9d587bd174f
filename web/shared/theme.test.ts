import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Token, tokens } from './theme.ts'

const web = join(import.meta.dirname, '..')

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'dist' ? [] : sources(path)
    return /\.(tsx?|css|html)$/.test(entry.name) ? [path] : []
  })
}

describe('the theme', () => {
  const texts: Token[] = ['text', 'secondary', 'accent', 'amber', 'red', 'violet']
  test.each(['light', 'dark'] as const)('has text of at least 4.5:1 on every ground, %s', (scheme) => {
    const { background, surface, accent, onAccent } = tokens[scheme]
    const poor = texts.flatMap((name) =>
      [background, surface].filter((ground) => contrast(tokens[scheme][name], ground) < 4.5).map(() => name),
    )
    expect(poor).toEqual([])
    expect(contrast(accent, onAccent)).toBeGreaterThan(4.5)
  })
  test('is the only place in web/ that names a colour', () => {
    const named = /#[0-9a-f]{3,8}\b(?!\w)|\brgba?\(|\bhsla?\(|:\s*(white|black|red|green|blue|orange|grey|gray)\b/i
    const elsewhere = sources(web).filter(
      (path) => !/theme(\.test)?\.ts$/.test(path) && named.test(readFileSync(path, 'utf8')),
    )
    expect(elsewhere.map((path) => relative(web, path))).toEqual([])
  })
})
