import { Link } from '@tanstack/react-router'
import { Page, Section } from '../../../shared/components/page.tsx'
import styles from './help.module.css'
import { topics } from './topics.ts'

/** Where help begins: the questions, and the words. */
export function Help() {
  return (
    <Page title="Help" subtitle="Plain answers to what people ask first. No knowledge of electricity is needed.">
      <Section title="Questions">
        <ul className={styles.topics}>
          {topics.map(({ key, title, about }) => (
            <li key={key}>
              <Link to="/help/$topic" params={{ topic: key }}>
                {title}
              </Link>
              <p>{about}</p>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Words">
        <p>
          <Link to="/help/words">All words of these pages in plain English</Link>: kW and kVA, agreed capacity, profiled
          connection and the others.
        </p>
        <p>Every field of a form has its explanation below it; the button “?” beside a field opens more.</p>
      </Section>
    </Page>
  )
}
