import { expect, test } from 'vitest'
import { requestsFor } from './names.ts'

const about = (subjectType: string, subjectId: string) => ({ subjectType, subjectId })

test('names are asked for kind by kind, each thing once, a hundred at a time, and only where things of the kind have one', () => {
  const hubs = Array.from({ length: 101 }, (_, i) => about('hub', `hub-${i}`))
  const found = requestsFor([...hubs, about('node', 'pri'), about('node', 'pri'), about('audit-trail', 'chain')])
  expect(found.map(({ kind, ids }) => [kind, ids.length])).toEqual([
    ['hub', 100],
    ['hub', 1],
    ['node', 1],
  ])
})

test('what cannot be an identifier is not asked for', () => {
  expect(requestsFor([about('node', ''), about('account', 'a,b'), about('hub', 'x'.repeat(201))])).toEqual([])
})
