import { isProductionStage, readDeploymentSettings } from '../packages/core/src/config/deployment-settings.ts'

export const settings = readDeploymentSettings(process.env)

/** Whether the stage holds real data, and is meant to keep it. */
export const isProduction = isProductionStage($app.stage) && !settings.REMOVE_EVERYTHING
