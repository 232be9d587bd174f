import { Link } from '@tanstack/react-router'
import { Page, Section } from '../../../shared/components/page.tsx'
import { useSession } from '../../session.ts'
import { registerGroups, registerWords } from './words.ts'

/** The ways to every register that the company keeps. */
export function Registers() {
  const isOfHomes = useSession()?.runs === 'homes'
  return (
    <Page title="Registers" subtitle="What stands at the depots, who drives, and when. Each change is a version.">
      {registerGroups
        .filter(({ title }) => isOfHomes || title !== 'Homes')
        .map(({ title, names }) => (
          <Section key={title} title={title}>
            <ul>
              {names.map((name) => (
                <li key={name}>
                  <Link to="/registers/$name" params={{ name }}>
                    {registerWords[name].name}
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        ))}
    </Page>
  )
}
