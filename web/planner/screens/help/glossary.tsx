import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import styles from './help.module.css'
import { glossary } from './words.ts'

/** The words of these pages in plain English, to look through or to search. */
export function Glossary() {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = glossary.filter(({ word, means }) => `${word} ${means}`.toLowerCase().includes(wanted))
  return (
    <Page
      title="Words"
      subtitle="What the words on these pages mean, in plain English."
      actions={<LinkButton to="/help">All questions</LinkButton>}
    >
      <Section>
        <div className={styles.text}>
          <TextInput label="Search the words" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
        {found.length === 0 && <Nothing>No word contains “{text.trim()}”.</Nothing>}
        <dl className={styles.words}>
          {found.map(({ key, word, means }) => (
            <div key={key} id={key}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </Page>
  )
}
