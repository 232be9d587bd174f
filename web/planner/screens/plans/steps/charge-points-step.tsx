import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Nothing, Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { count } from '../../../../shared/format/power.ts'
import { assetOf, assetsOf, type ChargePointUse, chargePointsOf, type Plan } from '../assets.ts'
import styles from '../plan-page.module.css'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { usePlanChange } from '../use-plan.ts'
import { AssetPanel } from './asset-panel.tsx'

function useOpened() {
  const { type } = useSearch({ from: '/inside/plans/$planId/charge-points' })
  const navigate = useNavigate({ from: '/plans/$planId/charge-points' })
  return { type, open: (next: string | undefined) => void navigate({ search: { type: next } }) }
}

/** The third step: how many charge points of which type. */
export function ChargePointsStep() {
  return (
    <PlanPage
      step="Charge points"
      about="How many charge points the site gets. Vehicles that find none free wait; with fewer than vehicles you save money, and may lose journeys."
      panel={(given) => <Opened {...given} />}
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

/** Adds a type to a plan, with nothing of it yet. */
function withType(content: Plan['content'], chargePointTypeId: string): Plan['content'] {
  if (content.chargePoints.some((each) => each.chargePointTypeId === chargePointTypeId)) return content
  return { ...content, chargePoints: [...content.chargePoints, { chargePointTypeId, count: 1 }] }
}

function Opened({ plan, assets }: StepProps) {
  const { type, open } = useOpened()
  const change = usePlanChange(plan.assetId)
  if (!type) return null
  const close = () => open(undefined)
  return (
    <AssetPanel
      key={type}
      kind="charge-point-type"
      what="a type of charge point"
      asset={assetOf(assets, 'charge-point-type', type)}
      assets={assets}
      start={{ name: '' }}
      onSaved={async ({ assetId }) => {
        await change.mutateAsync((now) => withType(now, assetId))
        close()
      }}
      onClose={close}
    >
      {change.isError && <ProblemNotice error={change.error} />}
    </AssetPanel>
  )
}

function Content({ plan, assets }: StepProps) {
  const { open } = useOpened()
  const uses = chargePointsOf(assets, plan)
  return (
    <>
      <Section
        title="Charge points in this plan"
        actions={<Button onClick={() => open('new')}>Add a type of charge point</Button>}
      >
        {uses.length === 0 ? (
          <Nothing>
            There are none yet. A group of vehicles brings its charge points with it, or add a type here.
          </Nothing>
        ) : (
          <Counts plan={plan} uses={uses} onOpen={open} />
        )}
      </Section>
      <OtherTypes plan={plan} assets={assets} />
    </>
  )
}

/** What a count means for the vehicles, in words. */
function usersInWords({ type, vehicles }: ChargePointUse, entered: number): string {
  const sockets = entered * type.content.socketsEach
  if (vehicles === 0) return 'No group of this plan uses them.'
  if (!Number.isInteger(entered)) return ''
  if (sockets >= vehicles) return `${count(vehicles, 'vehicle')}, ${count(sockets, 'socket')}: everybody can plug in.`
  return `${count(vehicles, 'vehicle')} share ${count(sockets, 'socket')}: some wait.`
}

interface CountsProps {
  plan: Plan
  uses: readonly ChargePointUse[]
  onOpen: (assetId: string) => void
}

/** The number of each type. */
function Counts({ plan, uses, onOpen }: CountsProps) {
  const change = usePlanChange(plan.assetId)
  /** What is entered and not stored, by type; every other number is the stored one, whoever stored it. */
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({})
  const [wasTried, setWasTried] = useState(false)
  const textOf = ({ type, count: stored }: ChargePointUse) => entered[type.assetId] ?? String(stored)
  const numberOf = (use: ChargePointUse) => (/^\s*\d{1,4}\s*$/.test(textOf(use)) ? Number(textOf(use)) : Number.NaN)
  const isWrong = (use: ChargePointUse) => !(numberOf(use) <= 5_000)
  const changed = uses.filter((use) => textOf(use) !== String(use.count))
  const release = useUnsavedGuard(changed.length > 0)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (uses.some(isWrong)) return
    // Only what was changed here is stored, so that another's change of another type stays.
    const counts = new Map(changed.map((use) => [use.type.assetId, numberOf(use)]))
    change.mutate(
      (now) => ({
        ...now,
        chargePoints: now.chargePoints.map((each) => {
          return { ...each, count: counts.get(each.chargePointTypeId) ?? each.count }
        }),
      }),
      {
        onSuccess: () => {
          release()
          setEntered({})
        },
      },
    )
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        {uses.map((use) => {
          const { assetId, name, content } = use.type
          return (
            <Stack key={assetId}>
              <Fields>
                <Field
                  label={name}
                  unit={
                    content.socketsEach === 1 ? `of ${content.kw} kW` : `of ${content.socketsEach} × ${content.kw} kW`
                  }
                  inputMode="numeric"
                  hint={usersInWords(use, numberOf(use))}
                  more="The number of charge points of this type. Try fewer than vehicles: the scenarios show whether all journeys can still be made."
                  fault={wasTried && isWrong(use) ? 'Give a whole number from 0 to 5,000.' : null}
                  value={textOf(use)}
                  onChange={(event) => {
                    // React clears the event before a state update that looks at it.
                    const { value } = event.currentTarget
                    setEntered((before) => ({ ...before, [assetId]: value }))
                  }}
                />
              </Fields>
              <div className={styles.row}>
                <Button onClick={() => onOpen(assetId)}>Change {name}</Button>
                {use.vehicles === 0 && (
                  <Button
                    onClick={() =>
                      change.mutate((now) => {
                        return {
                          ...now,
                          chargePoints: now.chargePoints.filter((each) => each.chargePointTypeId !== assetId),
                        }
                      })
                    }
                  >
                    Take {name} out of this plan
                  </Button>
                )}
              </div>
            </Stack>
          )
        })}
        {change.isError && <ProblemNotice error={change.error} />}
        <div className={styles.row}>
          <Button type="submit" variant="filled" loading={change.isPending} disabled={changed.length === 0}>
            Save the numbers
          </Button>
          {change.isSuccess && changed.length === 0 && <output>Saved.</output>}
        </div>
      </Stack>
    </form>
  )
}

/** Types of other plans, which this one can use too. */
function OtherTypes({ plan, assets }: { plan: Plan; assets: readonly PlanAsset[] }) {
  const change = usePlanChange(plan.assetId)
  const [chosen, setChosen] = useState('')
  const used = new Set(plan.content.chargePoints.map(({ chargePointTypeId }) => chargePointTypeId))
  const others = assetsOf(assets, 'charge-point-type').filter(({ assetId }) => !used.has(assetId))
  if (others.length === 0) return null
  const type = others.find(({ assetId }) => assetId === chosen)
  return (
    <Section title="Types that you have entered before">
      <Stack>
        <Fields>
          <Choice label="Type" value={type ? chosen : ''} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">Choose</option>
            {others.map(({ assetId, name }) => (
              <option key={assetId} value={assetId}>
                {name}
              </option>
            ))}
          </Choice>
        </Fields>
        {change.isError && <ProblemNotice error={change.error} />}
        <div>
          <Button
            disabled={!type}
            loading={change.isPending}
            onClick={() => type && change.mutate((now) => withType(now, type.assetId))}
          >
            Use it in this plan
          </Button>
        </div>
        {change.isSuccess && <Notice>It is in this plan.</Notice>}
      </Stack>
    </Section>
  )
}
