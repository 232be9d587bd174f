import { Link, useParams } from '@tanstack/react-router'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import styles from './help.module.css'
import { topics } from './topics.ts'

/** The answer to one question. */
export function HelpTopic() {
  const { topic: key } = useParams({ from: '/inside/help/$topic' })
  const topic = topics.find((each) => each.key === key)
  if (!topic)
    return (
      <Page title="Help">
        <Notice tone="risk" title="There is no such page of help">
          Look among <Link to="/help">all questions</Link>.
        </Notice>
      </Page>
    )
  return (
    <Page title={topic.title} subtitle={topic.about} actions={<LinkButton to="/help">All questions</LinkButton>}>
      {topic.parts.map(({ heading, text }) => (
        <Section key={heading} title={heading}>
          <div className={styles.text}>
            {text.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
        </Section>
      ))}
      <p>
        <Link to={topic.next.to}>{topic.next.label}</Link>. A word that you do not know is among the{' '}
        <Link to="/help/words">words</Link>.
      </p>
    </Page>
  )
}
