import { expect, test } from 'vitest'
import { textsIn } from './find.ts'

const found = (code: string) => textsIn('a.tsx', code).map(({ form, text }) => `${form}: ${text}`)

test('a sentence with values and elements between its words is one text, and what stands in an element is another', () => {
  expect(
    found(`const a = (
      <p>
        Sent to <strong>{name}</strong> by
        {' '}
        {who.fullName}&nbsp;today: <Link to="/a">see the answer</Link>
      </p>
    )`),
  ).toEqual(['children: Sent to {strong} by {fullName}\u00a0today: {Link}', 'children: see the answer'])
})

test('of attributes and members those that people read are found, and names, addresses and styles are not', () => {
  expect(
    found(`const a = <Field label="FSP" name="Some name" className="Box big" to="/Some where" hint={on ? 'now' : \`in \${n} min\`} />
      const columns = [{ id: 'At all', header: 'at', tone: 'Very bad', label: \`\${kw} kW\` }]`),
  ).toEqual(['attribute: FSP', 'string: now', 'template: in {n} min', 'string: at', 'template: {kw} kW'])
})

test('strings that programs compare, throw and look up are not found', () => {
  expect(
    found(`import { x } from './Some where.ts'
      type Kind = 'Some kind'
      if (kind === 'Some kind' || key === 'Enter') throw new Error('No such thing')
      switch (kind) { case 'Some kind': show('Some kind of thing') }
      const found = names['Some name'] ?? kinds.includes('Some kind')
      const address = \`/Some/\${id}\`, shape = 'm 0 0 l 5 5'.split(' m ')`),
  ).toEqual(['string: Some kind of thing'])
})

test('single small words are found where they are shown: among elements, in sentences, and in functions that put things into words', () => {
  expect(
    found(`const a = <p>{late ? 'late' : 'due'}</p>
      const b = \`It \${n === 1 ? 'is' : 'are'} due\`
      function stateInWords(state) { return state === 'late' ? 'too late' : 'due' }
      const state = late ? 'late' : 'due'
      const c = count(n, 'hub')`),
  ).toEqual([
    'string: late',
    'string: due',
    'template: It {words} due',
    'string: is',
    'string: are',
    'string: too late',
    'string: due',
    'string: hub',
  ])
})

test('two values of one name have two names, and braces that are meant are doubled', () => {
  expect(found(`const a = \`from {\${day(a)}} to \${day(b)}\``)).toEqual(['template: from {{{day}}} to {day2}'])
})

test('what is wrong with each field of a form is found, whatever the field is called', () => {
  expect(
    found(`faults.set('name', 'Give it a name.')
      const wrong = { name: name === '' ? 'Choose one.' : null, host: z.string().min(1, 'is required'), value: 'one' }`),
  ).toEqual(['string: Give it a name.', 'string: Choose one.', 'string: is required'])
})

test('what is made of a list is found where the list stands, and names in lists are not', () => {
  expect(
    found(`const parts = [late > 0 && \`\${late} too late\`, 'some are due'].filter((part) => part !== false).join(' or else ')
      const a = <p>{(['late', 'due'] as const).map((state) => <b>{words[state]}</b>)}</p>
      const isIn = ['Too late', 'Due'].includes(state), cell = document.querySelectorAll('thead th')`),
  ).toEqual(['template: {late} too late', 'string: some are due', 'string:  or else '])
})

test('small words behind a term, in a cell and in place of a value are found', () => {
  expect(
    found(`const facts = [['Notes', notes || 'none'], ['Baseline', kwhOr(baselineWh, 'missing')], { term: 'Drawn', value: w ?? 'nothing' }]
      const columns = [{ id: 'last', cell: ({ row }) => row.at ?? 'never' }]`),
  ).toEqual([
    'string: Notes',
    'string: none',
    'string: Baseline',
    'string: missing',
    'string: Drawn',
    'string: nothing',
    'string: never',
  ])
})

test('what somebody types and a program reads is not found', () => {
  expect(found(`function windowAsTyped({ at, from, to }) { return \`\${at} for \${from} to \${to}\` }`)).toEqual([])
})
