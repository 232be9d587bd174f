import { expect, test } from 'vitest'
import type { NetworkLayout } from '../../../../../schemas/grid/layouts.ts'
import { knownLayouts } from '../../../../../server/grid/network/known-layouts.ts'
import { draftOf, type LayoutDraft, newLayout, readLayout } from './draft.ts'

test('every layout that comes with the program is read back from the form as it is', () => {
  expect(knownLayouts.size).toBeGreaterThan(2)
  for (const [name, layout] of knownLayouts) {
    const { title, source, recognisedBy, emptyCells, nodes }: NetworkLayout = layout
    expect(readLayout(draftOf(layout, `my-${name}`), [name])).toEqual({
      body: { title, source, recognisedBy, emptyCells, nodes },
      faults: new Map(),
    })
  }
})

test('an empty form names everything that is missing', () => {
  const draft = newLayout()
  const { body, faults } = readLayout(draft, [])
  expect(body).toBeNull()
  const cells = draft.nodes.flatMap((node) => node.cells.map(({ key }) => `cell ${key}`))
  expect([...faults.keys()]).toEqual(['name', 'title', 'recognisedBy', ...cells])
})

test('a heading with a semicolon is one heading, as punctuation does not count', () => {
  const layout: NetworkLayout = {
    title: 'List',
    source: '',
    recognisedBy: ['Site; number'],
    emptyCells: 'keep',
    nodes: [{ nodeId: { columns: ['Site; number'] }, name: { columns: ['Name'] }, kind: { fixed: 'primary' } }],
  }
  const { body } = readLayout(draftOf(layout, 'mine'), [])
  expect(body?.recognisedBy).toEqual(['Site  number'])
  expect(body?.nodes[0]?.nodeId.columns).toEqual(['Site  number'])
})

test('a name that is taken, a kind that is not known and a word without a meaning are refused', () => {
  const layout: LayoutDraft = draftOf(
    {
      title: 'List',
      source: '',
      recognisedBy: ['Number'],
      emptyCells: 'keep',
      nodes: [
        {
          nodeId: { columns: ['Number'] },
          name: { columns: ['Name'], words: { A: 'b' } },
          kind: { fixed: 'secondary' },
        },
      ],
    },
    'mine',
  )
  expect(readLayout(layout, []).faults.size).toBe(0)
  expect(readLayout(layout, ['mine']).faults.get('name')).toBe('There is a layout of this name already.')
  const [node] = layout.nodes
  const changed = node?.cells.map((cell) =>
    cell.field === 'kind' ? { ...cell, text: 'hut' } : cell.field === 'name' ? { ...cell, words: 'A' } : cell,
  )
  const { faults } = readLayout({ ...layout, nodes: [{ key: '0', cells: changed ?? [] }] }, [])
  expect([...faults.values()]).toEqual([
    'Enter one word a line, such as Grid Substation = bsp.',
    'Enter a value that is known here.',
  ])
})
