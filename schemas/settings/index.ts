import type { Setting } from '../vocabulary/setting.ts'
import { alarmDelaySettings } from './alarms.ts'
import { baselineSettings } from './baselines.ts'
import { demandRetentionSettings } from './demand-retention.ts'
import {
  choiceSettings,
  deliveryWatchSettings,
  leastTurnDownSettings,
  nodeTermsSettings,
  noticeSettings,
  optimisationSettings,
} from './dispatch.ts'
import { dynamicLimitSettings } from './dynamic-limits.ts'
import { defaultGateSettings } from './gates.ts'
import { liveReadingSettings } from './live-readings.ts'
import { gateNoticeSettings, stackingSettings, tenderSettings } from './market.ts'
import { plausibilitySettings } from './metering.ts'
import { capacitySettings, headroomSettings } from './network.ts'
import { paymentSettings } from './payment.ts'
import { loadModelSettings } from './planning.ts'
import { reliabilitySettings } from './reliability.ts'
import { complianceSettings, hubConditionSettings, hubEventSettings, loadComparisonSettings } from './telemetry.ts'

/** Every setting, in the order in which people read them. */
export const allSettings: readonly Setting[] = [
  capacitySettings,
  headroomSettings,
  loadModelSettings,
  demandRetentionSettings,
  dynamicLimitSettings,
  complianceSettings,
  hubConditionSettings,
  hubEventSettings,
  loadComparisonSettings,
  alarmDelaySettings,
  stackingSettings,
  tenderSettings,
  gateNoticeSettings,
  ...Object.values(defaultGateSettings),
  noticeSettings,
  leastTurnDownSettings,
  optimisationSettings,
  choiceSettings,
  deliveryWatchSettings,
  nodeTermsSettings,
  liveReadingSettings,
  baselineSettings,
  plausibilitySettings,
  paymentSettings,
  reliabilitySettings,
]
