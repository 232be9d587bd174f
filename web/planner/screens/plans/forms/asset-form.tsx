import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { PlanAsset, PlanAssetForm } from '../../../../../schemas/planning/sites/assets.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { count } from '../../../../shared/format/power.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { assetsQuery } from '../../../plan-queries.ts'
import { isChangedMeanwhile, readAsset, saveAsset } from '../use-plan.ts'
import { Conflict } from './conflict.tsx'
import { type Draft, draftOf, readDraft } from './draft.ts'
import styles from './forms.module.css'
import { MemberInput } from './member-input.tsx'
import { contractOf, type FormKind, members, starts } from './members.ts'

interface AssetFormProps {
  kind: FormKind
  /** What is changed; `null`: a new one. */
  asset: PlanAsset | null
  assets: readonly PlanAsset[]
  /** What a new one begins with, where it is not the usual. */
  start?: { name?: string; content?: Readonly<Record<string, unknown>> }
  saveLabel?: string
  /** Called with what is stored; the form may be left from then on. */
  onSaved: (saved: PlanAsset) => void | Promise<void>
}

/** Adds an asset or changes it: every field with its explanation, faults beside their fields, and nothing lost on the way. */
export function AssetForm({ kind, asset, assets, start, saveLabel = 'Save', onSaved }: AssetFormProps) {
  const queries = useQueryClient()
  const [assetId] = useState(() => asset?.assetId ?? crypto.randomUUID())
  const usual = starts[kind]
  const fresh = { name: start?.name ?? usual.name, content: { ...usual.content, ...start?.content } }
  /** What is stored, as far as this form knows. */
  const [base, setBase] = useState(asset)
  const [began, setBegan] = useState(() => draftOf(asset ?? fresh))
  const [draft, setDraft] = useState(began)
  const [wasTried, setWasTried] = useState(false)
  const [theirs, setTheirs] = useState<PlanAsset | null>(null)
  const { form, faults } = readDraft(kind, draft)
  const release = useUnsavedGuard(!isSameData(draft, began))
  const save = useMutation({
    mutationFn: ({ given, etag }: { given: PlanAssetForm; etag: string | null }) => saveAsset(assetId, given, etag),
    onSuccess: async (saved) => {
      setBase(saved)
      setBegan(draft)
      setTheirs(null)
      setWasTried(false)
      release()
      await queries.invalidateQueries({ queryKey: assetsQuery.queryKey })
      await onSaved(saved)
    },
    onError: async (error) => {
      if (isChangedMeanwhile(error)) setTheirs(await readAsset(assetId))
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (form) save.mutate({ given: form, etag: base?.etag ?? null })
  }
  const takeTheirs = () => {
    if (!theirs) return
    const stored = draftOf(theirs)
    setBase(theirs)
    setBegan(stored)
    setDraft(stored)
    setTheirs(null)
    save.reset()
  }
  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <AssetFields
        kind={kind}
        draft={draft}
        assets={assets}
        faults={wasTried ? faults : new Map()}
        onChange={setDraft}
      />
      {wasTried && faults.size > 0 && (
        <Notice tone="risk">{count(faults.size, 'field')} must be corrected before this can be saved.</Notice>
      )}
      {theirs && (
        <Conflict
          kind={kind}
          began={began}
          theirs={theirs}
          mine={draft}
          assets={assets}
          onTakeTheirs={takeTheirs}
          onKeepMine={() => form && save.mutate({ given: form, etag: theirs.etag })}
        />
      )}
      {save.isError && !isChangedMeanwhile(save.error) && <ProblemNotice error={save.error} />}
      <div className={styles.actions}>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {saveLabel}
        </Button>
        {save.isSuccess && isSameData(draft, began) && <output>Saved.</output>}
      </div>
    </form>
  )
}

interface AssetFieldsProps {
  kind: FormKind
  draft: Draft
  assets: readonly PlanAsset[]
  faults: ReadonlyMap<string, string>
  onChange: (draft: Draft) => void
}

function AssetFields({ kind, draft, assets, faults, onChange }: AssetFieldsProps) {
  const contract = contractOf(kind)
  return (
    <Fields>
      <Field
        label="Name"
        hint="So that you find it again."
        value={draft.name}
        fault={faults.get('name')}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      {Object.entries(members[kind]).map(([member, words]) => (
        <MemberInput
          key={member}
          words={words}
          schema={contract.shape[member] as Parameters<typeof MemberInput>[0]['schema']}
          value={draft.content[member]}
          assets={assets}
          fault={faults.get(member) ?? null}
          onChange={(value) => onChange({ ...draft, content: { ...draft.content, [member]: value } })}
        />
      ))}
    </Fields>
  )
}
