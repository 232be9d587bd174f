import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { requirementsUpTo } from './support/asvs.ts'

const root = new URL('../', import.meta.url)

interface Row {
  id: string
  status: string
  how: string
  shownBy: string[]
}

/** The rows of the tables of requirements in `docs/security.md`. */
const rows: Row[] = readFileSync(new URL('docs/security.md', root), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, subject = '', status = '', how = '', shown = ''] = line.split('|').map((cell) => cell.trim())
    const [, id] = /^(\d+\.\d+\.\d+) \S/.exec(subject) ?? []
    return id ? [{ id, status, how, shownBy: [...shown.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file) }] : []
  })

test('every requirement of ASVS 5.0 up to level 2 has one row, and no row stands for none', () => {
  const wanted = requirementsUpTo(2)
  expect(wanted).toHaveLength(253)
  const known = new Set(requirementsUpTo(3))
  expect(wanted.filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  expect(rows.filter(({ id }, n) => !known.has(id) || rows.findIndex((row) => row.id === id) !== n)).toEqual([])
})

test('a requirement is met and shown by something that exists, or does not apply or is open for a stated reason', () => {
  const faults = rows.flatMap(({ id, status, how, shownBy }) => {
    if (status === 'met') {
      if (shownBy.length === 0) return [`${id} names nothing that shows it`]
      return shownBy
        .filter((file) => !existsSync(fileURLToPath(new URL(file, root))))
        .map((file) => `${id}: no ${file}`)
    }
    if (status !== 'n/a' && status !== 'open') return [`${id} has the status ${status}`]
    return how.length > 3 ? [] : [`${id} is ${status} without a reason`]
  })
  expect(faults).toEqual([])
})
