import { expect, test } from 'vitest'
import { translated } from './translate.ts'

const inWelsh = (code: string, words: Record<string, string>) => translated('a.tsx', code, (text) => words[text])

test('each form of a text is replaced where it stands, in the order of the other language', () => {
  expect(
    inWelsh('const a = <p title="Sent">{who} sent {count(n, \'hub\')} to <b>all of them</b></p>', {
      Sent: 'Anfonwyd',
      '{who} sent {count} to {b}': 'Anfonodd {who} at {b}: {count}',
      hub: 'hwb',
    }),
  ).toBe('const a = <p title={"Anfonwyd"}>{"Anfonodd "}{who}{" at "}<b>all of them</b>{": "}{count(n, "hwb")}</p>')
  expect(inWelsh(`const a = \`\${n} of \${most} are\``, { '{n} of {most} are': 'o {most}, `{n}`' })).toBe(
    `const a = \`o \${most}, \\\`\${n}\\\`\``,
  )
})

test('what nobody has translated stays as it is', () => {
  expect(inWelsh('const a = ["Sent", "Not sent"]', { 'Not sent': 'Heb' })).toBe('const a = ["Sent", "Heb"]')
  expect(inWelsh('const a = ["Sent"]', {})).toBeNull()
})

test('a translation that loses a value, or has one of its own, is refused with what it should have', () => {
  const code = `const a = \`\${n} of \${most} are\``
  expect(() => inWelsh(code, { '{n} of {most} are': 'o {most}' })).toThrow('it must have each of most, n once')
  expect(() => inWelsh('const a = "Not sent"', { 'Not sent': '{heb}' })).toThrow('it must have none')
})
