import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { WeekProfile } from '../../../../../schemas/planning/sites/plan.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { kw } from '../../../../shared/format/power.ts'
import { daySpanInWords } from '../../../../shared/format/time.ts'
import { highestLimitW } from '../../../../shared/profiles/words.ts'
import { applicationsQuery } from '../../../queries.ts'
import type { Plan } from '../assets.ts'
import { usePlanChange } from '../use-plan.ts'

/** The limits that the scenario “Within a profile” keeps: none, those of an approved profile, or the same all day. */
export function PlanProfile({ plan }: { plan: Plan }) {
  const change = usePlanChange(plan.assetId)
  const versions = useQuery(applicationsQuery).data ?? []
  const approved = versions.filter(({ state }) => state === 'approved')
  const [chosen, setChosen] = useState('stay')
  const [flatKw, setFlatKw] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const release = useUnsavedGuard(chosen !== 'stay')
  const limitW = Math.round(Number(flatKw) * 1_000)
  const isWrong = chosen === 'flat' && !(flatKw.trim() !== '' && limitW >= 0)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    const version = approved.find(({ profileId }) => profileId === chosen)
    if (chosen === 'stay' || isWrong || (!version && chosen !== 'flat' && chosen !== 'none')) return
    const flat = [{ from: '00:00', limitW }]
    const profile: WeekProfile | null = version
      ? { weekday: version.limits.weekday, weekend: version.limits.weekend }
      : chosen === 'flat'
        ? { weekday: flat, weekend: flat }
        : null
    change.mutate((now) => ({ ...now, profile }), { onSuccess: release })
  }
  return (
    <Section title="Limits to keep within">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <p>{profileInWords(plan.content.profile)}</p>
          <Fields>
            <Choice
              label="Limits"
              hint="For the scenario “Within a profile”: what would charging be like within these?"
              more="A profiled connection has limits that change over the day. Take the limits of a site of yours that has one, or try one limit for the whole day."
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              <option value="stay">Leave as it is</option>
              <option value="flat">The same limit all day</option>
              {approved.map(({ profileId, connectionName, version, validFrom, validTo }) => (
                <option key={profileId} value={profileId}>
                  {connectionName}, version {version}, {daySpanInWords(validFrom, validTo)}
                </option>
              ))}
              {plan.content.profile && <option value="none">None any more</option>}
            </Choice>
            {chosen === 'flat' && (
              <Field
                label="Limit all day"
                unit="kW"
                inputMode="decimal"
                hint="For the whole site, vehicles and everything else."
                value={flatKw}
                fault={wasTried && isWrong ? 'Give a number of 0 or more.' : null}
                onChange={(event) => setFlatKw(event.currentTarget.value)}
              />
            )}
          </Fields>
          {change.isError && <ProblemNotice error={change.error} />}
          <div>
            <Button type="submit" disabled={chosen === 'stay'} loading={change.isPending}>
              Save the limits
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  )
}

function profileInWords(profile: WeekProfile | null): string {
  if (!profile) return 'The plan has no limits to keep within.'
  const most = highestLimitW({ limits: profile })
  const all = [...profile.weekday, ...profile.weekend]
  const isFlat = all.every((step) => step.limitW === most)
  return isFlat
    ? `The plan keeps within ${kw(most)} at all times.`
    : `The plan keeps within limits that change over the day, ${kw(Math.min(...all.map((step) => step.limitW)))} to ${kw(most)}.`
}
