import { isProductionStage, readDeploymentSettings } from '../packages/core/src/config/deployment-settings.ts'

export const settings = readDeploymentSettings(process.env)

/** Whether the stage holds real data. */
export const isProduction = isProductionStage($app.stage)

/** Whether its data must outlive a mistake. */
export const isKept = isProduction && !settings.REMOVE_EVERYTHING
