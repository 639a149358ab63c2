// Generated from the OpenAPI document of the Leads API. Do not edit.
export interface components {
  schemas: {
    NewLead: {
      full_name?: string | null
      first_name?: string | null
      last_name?: string | null
      title?: string | null
      email?: string | null
      email_verified?: boolean
      phone?: string | null
      phone_verified?: boolean
      additional_emails?: string[]
      additional_phones?: string[]
      company_id?: number | null
      company_name?: string | null
      company_domain?: string | null
      country?: string | null
      city?: string | null
      state?: string | null
      postal_code?: string | null
      street?: string | null
      industry?: string | null
      tags?: string[]
      enrichment_status?: 'pending' | 'enriched' | 'failed'
      enrichment_data?: { [name: string]: components['schemas']['JsonValue'] } | null
      lead_score?: number | null
      lead_status?: 'new' | 'contacted' | 'qualified' | 'converted'
      notes?: string | null
      external_id?: string
      provider_name?: string
    }
    LeadPatch: {
      full_name?: string | null
      first_name?: string | null
      last_name?: string | null
      title?: string | null
      email?: string | null
      email_verified?: boolean
      phone?: string | null
      phone_verified?: boolean
      additional_emails?: string[]
      additional_phones?: string[]
      company_id?: number | null
      company_name?: string | null
      company_domain?: string | null
      country?: string | null
      city?: string | null
      state?: string | null
      postal_code?: string | null
      street?: string | null
      industry?: string | null
      tags?: string[]
      enrichment_status?: 'pending' | 'enriched' | 'failed'
      enrichment_data?: { [name: string]: components['schemas']['JsonValue'] } | null
      lead_score?: number | null
      lead_status?: 'new' | 'contacted' | 'qualified' | 'converted'
      notes?: string | null
    }
    BatchOperation:
      | { operation: 'create'; lead: components['schemas']['NewLead']; allow_duplicate?: boolean }
      | { operation: 'upsert'; lead: components['schemas']['NewLead'] }
      | { operation: 'update'; id: number; version?: number; patch: components['schemas']['LeadPatch'] }
      | { operation: 'delete'; id: number; version?: number }
      | { operation: 'restore'; id: number; version?: number }
    Enrichment:
      | { status: 'enriched'; data: { [name: string]: components['schemas']['JsonValue'] } }
      | { status: 'failed'; error: string }
    CompanyOperation:
      | { operation: 'create'; company: components['schemas']['NewCompany'] }
      | { operation: 'update'; id: number; version?: number; patch: components['schemas']['CompanyPatch'] }
      | { operation: 'delete'; id: number; version?: number }
      | { operation: 'restore'; id: number; version?: number }
    NewCompany: {
      name: string
      domain?: string | null
      company_type?: string | null
      country?: string | null
      city?: string | null
      industry?: string | null
      employee_count?: number | null
      employee_size_min?: number | null
      employee_size_max?: number | null
      description?: string | null
      website?: string | null
      linkedin_url?: string | null
      tags?: string[]
    }
    CompanyPatch: {
      name?: string
      domain?: string | null
      company_type?: string | null
      country?: string | null
      city?: string | null
      industry?: string | null
      employee_count?: number | null
      employee_size_min?: number | null
      employee_size_max?: number | null
      description?: string | null
      website?: string | null
      linkedin_url?: string | null
      tags?: string[]
    }
    JsonValue: unknown
    Problem: {
      type: string
      title: string
      status: number
      code:
        | 'invalid_request'
        | 'invalid_json'
        | 'invalid_cursor'
        | 'unknown_parameter'
        | 'unauthorized'
        | 'insufficient_scope'
        | 'not_found'
        | 'method_not_allowed'
        | 'already_exists'
        | 'merged'
        | 'conflict'
        | 'idempotency_in_progress'
        | 'gone'
        | 'precondition_failed'
        | 'too_large'
        | 'unsupported_media_type'
        | 'validation_failed'
        | 'batch_failed'
        | 'idempotency_mismatch'
        | 'rate_limited'
        | 'internal'
        | 'unavailable'
      detail: string
      request_id?: string
      errors?: { detail: string; pointer?: string; parameter?: string; header?: string }[]
      existing?: { id: number; href: string; is_deleted: boolean }
    }
    ListedLead: {
      id?: number
      full_name?: string | null
      first_name?: string | null
      last_name?: string | null
      title?: string | null
      email?: string | null
      email_verified?: boolean
      phone?: string | null
      phone_verified?: boolean
      additional_emails?: string[]
      additional_phones?: string[]
      company_id?: number | null
      company_name?: string | null
      company_domain?: string | null
      country?: string | null
      city?: string | null
      state?: string | null
      postal_code?: string | null
      street?: string | null
      industry?: string | null
      tags?: string[]
      source?: 'apify' | 'manual' | 'import' | 'api'
      provider_name?: string | null
      external_id?: string | null
      actor_id?: string | null
      run_id?: string | null
      dataset_id?: string | null
      enrichment_status?: 'pending' | 'enriched' | 'failed'
      enrichment_data?: { [name: string]: components['schemas']['JsonValue'] } | null
      lead_score?: number | null
      data_quality_score?: number | null
      lead_status?: 'new' | 'contacted' | 'qualified' | 'converted'
      notes?: string | null
      raw_data?: components['schemas']['JsonValue'] | null
      merged_into_id?: number | null
      version?: number
      created_at?: string
      updated_at?: string
      created_by?: string | null
      updated_by?: string | null
      is_deleted?: boolean
      deleted_at?: string | null
      deleted_by?: string | null
      company?: components['schemas']['Company'] | null
      lead_source?: components['schemas']['LeadSource'] | null
    }
    Company: {
      id: number
      company_key: string
      name: string
      domain: string | null
      company_type: string | null
      country: string | null
      city: string | null
      industry: string | null
      employee_count: number | null
      employee_size_min: number | null
      employee_size_max: number | null
      description: string | null
      website: string | null
      linkedin_url: string | null
      tags: string[]
      version: number
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
    }
    LeadSource: {
      id: number
      lead_id: number
      source_type: 'apify' | 'manual' | 'import' | 'api'
      source_name: string | null
      provider_name: string | null
      provider_id: string | null
      actor_id: string | null
      actor_name: string | null
      run_id: string | null
      dataset_id: string | null
      external_id: string | null
      external_url: string | null
      scraped_at: string | null
      import_batch_id: string | null
      scrape_params: components['schemas']['JsonValue'] | null
      data_quality_score: number | null
      confidence_score: number | null
      metadata: { [name: string]: components['schemas']['JsonValue'] } | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
    }
    Lead: {
      id: number
      full_name: string | null
      first_name: string | null
      last_name: string | null
      title: string | null
      email: string | null
      email_verified: boolean
      phone: string | null
      phone_verified: boolean
      additional_emails: string[]
      additional_phones: string[]
      company_id: number | null
      company_name: string | null
      company_domain: string | null
      country: string | null
      city: string | null
      state: string | null
      postal_code: string | null
      street: string | null
      industry: string | null
      tags: string[]
      source: 'apify' | 'manual' | 'import' | 'api'
      provider_name: string | null
      external_id: string | null
      actor_id: string | null
      run_id: string | null
      dataset_id: string | null
      enrichment_status: 'pending' | 'enriched' | 'failed'
      enrichment_data: { [name: string]: components['schemas']['JsonValue'] } | null
      lead_score: number | null
      data_quality_score: number | null
      lead_status: 'new' | 'contacted' | 'qualified' | 'converted'
      notes: string | null
      raw_data: components['schemas']['JsonValue'] | null
      merged_into_id: number | null
      version: number
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
    }
    LeadWithIncludes: {
      id: number
      full_name: string | null
      first_name: string | null
      last_name: string | null
      title: string | null
      email: string | null
      email_verified: boolean
      phone: string | null
      phone_verified: boolean
      additional_emails: string[]
      additional_phones: string[]
      company_id: number | null
      company_name: string | null
      company_domain: string | null
      country: string | null
      city: string | null
      state: string | null
      postal_code: string | null
      street: string | null
      industry: string | null
      tags: string[]
      source: 'apify' | 'manual' | 'import' | 'api'
      provider_name: string | null
      external_id: string | null
      actor_id: string | null
      run_id: string | null
      dataset_id: string | null
      enrichment_status: 'pending' | 'enriched' | 'failed'
      enrichment_data: { [name: string]: components['schemas']['JsonValue'] } | null
      lead_score: number | null
      data_quality_score: number | null
      lead_status: 'new' | 'contacted' | 'qualified' | 'converted'
      notes: string | null
      raw_data: components['schemas']['JsonValue'] | null
      merged_into_id: number | null
      version: number
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
      company?: components['schemas']['Company'] | null
      lead_source?: components['schemas']['LeadSource'] | null
    }
    LeadEvent: {
      id: number
      lead_id: number
      event_type: string
      event_name: string | null
      event_description: string | null
      event_data: { [name: string]: components['schemas']['JsonValue'] } | null
      event_source: string | null
      event_timestamp: string
      actor: string | null
      old_status: string | null
      new_status: string | null
      changed_fields: {
        [name: string]: { old: components['schemas']['JsonValue']; new: components['schemas']['JsonValue'] }
      } | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    BulkJob: {
      id: number
      job_type: 'update' | 'delete' | 'restore'
      job_status: 'running' | 'completed' | 'canceled'
      query: string
      patch: { [name: string]: components['schemas']['JsonValue'] } | null
      last_id: number
      end_id: number
      changed_count: number
      unchanged_count: number
      failed_count: number
      failures: { lead_id: number; code: string; detail: string }[] | null
      finished_at: string | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    ListedCompany: {
      id?: number
      company_key?: string
      name?: string
      domain?: string | null
      company_type?: string | null
      country?: string | null
      city?: string | null
      industry?: string | null
      employee_count?: number | null
      employee_size_min?: number | null
      employee_size_max?: number | null
      description?: string | null
      website?: string | null
      linkedin_url?: string | null
      tags?: string[]
      version?: number
      created_at?: string
      updated_at?: string
      created_by?: string | null
      updated_by?: string | null
      is_deleted?: boolean
      deleted_at?: string | null
      deleted_by?: string | null
      leads_count?: number
    }
    ListedSync: {
      id: number
      actor_id: string | null
      actor_name: string | null
      run_id: string
      dataset_id: string | null
      sync_status: 'pending' | 'syncing' | 'completed' | 'failed'
      last_sync_at: string | null
      next_sync_at: string | null
      run_status:
        | 'READY'
        | 'RUNNING'
        | 'SUCCEEDED'
        | 'FAILED'
        | 'TIMING-OUT'
        | 'TIMED-OUT'
        | 'ABORTING'
        | 'ABORTED'
        | null
      started_at: string | null
      finished_at: string | null
      total_records: number
      synced_records: number
      failed_records: number
      duplicate_records: number
      next_offset: number
      dataset_item_count: number | null
      dataset_offsets: { [name: string]: number } | null
      input_params?: components['schemas']['JsonValue'] | null
      error_message: string | null
      error_details: { [name: string]: components['schemas']['JsonValue'] } | null
      retry_count: number
      compute_units: number | null
      cost_usd: number | null
      metadata: { [name: string]: components['schemas']['JsonValue'] } | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
      is_balanced: boolean
    }
    Sync: {
      id: number
      actor_id: string | null
      actor_name: string | null
      run_id: string
      dataset_id: string | null
      sync_status: 'pending' | 'syncing' | 'completed' | 'failed'
      last_sync_at: string | null
      next_sync_at: string | null
      run_status:
        | 'READY'
        | 'RUNNING'
        | 'SUCCEEDED'
        | 'FAILED'
        | 'TIMING-OUT'
        | 'TIMED-OUT'
        | 'ABORTING'
        | 'ABORTED'
        | null
      started_at: string | null
      finished_at: string | null
      total_records: number
      synced_records: number
      failed_records: number
      duplicate_records: number
      next_offset: number
      dataset_item_count: number | null
      dataset_offsets: { [name: string]: number } | null
      input_params: components['schemas']['JsonValue'] | null
      error_message: string | null
      error_details: { [name: string]: components['schemas']['JsonValue'] } | null
      retry_count: number
      compute_units: number | null
      cost_usd: number | null
      metadata: { [name: string]: components['schemas']['JsonValue'] } | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
      is_deleted: boolean
      deleted_at: string | null
      deleted_by: string | null
      is_balanced: boolean
    }
    ListedRejection: {
      id: number
      run_id: string
      dataset_id: string
      item_offset: number
      actor_id: string | null
      reason: string
      raw_data?: components['schemas']['JsonValue'] | null
      resolved_at: string | null
      resolved_lead_id: number | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    SyncRejection: {
      id: number
      run_id: string
      dataset_id: string
      item_offset: number
      actor_id: string | null
      reason: string
      raw_data: components['schemas']['JsonValue'] | null
      resolved_at: string | null
      resolved_lead_id: number | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    Import: {
      import_batch_id: string
      batch_status: 'importing' | 'completed' | 'undoing' | 'undone'
      file_name: string | null
      import_options: { [name: string]: components['schemas']['JsonValue'] }
      column_matches:
        | {
            header: string
            column: string | null
            is_override: boolean
            misread?: { count: number; example: string }
          }[]
        | null
      next_record: number
      total_records: number
      synced_records: number
      duplicate_records: number
      failed_records: number
      updated_records: number
      completed_at: string | null
      undone_at: string | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    DuplicatePair: {
      lead_a: number
      lead_b: number
      certainty: number
      is_certain: boolean
      duplicate_status: 'open' | 'merged' | 'dismissed'
      reasons: string[]
      checked_at: string
      decided_at: string | null
      decided_by: string | null
    }
    SavedView: {
      id: number
      list: 'leads' | 'companies' | 'syncs' | 'imports' | 'rejections'
      name: string
      query: string
      columns: string[] | null
      is_shared: boolean
      position: number
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
    CurrentKey: {
      name: string
      key_prefix: string
      scopes: ('read' | 'write' | 'admin')[]
      expires_at: string | null
      product_version: string
    }
    ApiKey: {
      id: number
      name: string
      key_prefix: string
      scopes: ('read' | 'write' | 'admin')[]
      expires_at: string | null
      revoked_at: string | null
      rotated_at: string | null
      last_used_at: string | null
      created_at: string
      updated_at: string
      created_by: string | null
      updated_by: string | null
    }
  }
}

export interface paths {
  '/leads/facets': {
    /** List the values of a field */
    get: {
      parameters: {
        path?: never
        query?: {
          id?: string | string[]
          email?: string | string[]
          phone?: string | string[]
          company_id?: string | string[]
          company_name?: string | string[]
          company_domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          state?: string | string[]
          industry?: string | string[]
          source?: string | string[]
          provider_name?: string | string[]
          external_id?: string | string[]
          actor_id?: string | string[]
          run_id?: string | string[]
          enrichment_status?: string | string[]
          lead_status?: string | string[]
          lead_score?: string | string[]
          data_quality_score?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          updated_at?: string | string[]
          created_by?: string | string[]
          import_batch_id?: string | string[]
          is_deleted?: string | string[]
          q?: string
          field:
            | 'country'
            | 'city'
            | 'state'
            | 'industry'
            | 'company_name'
            | 'company_domain'
            | 'tags'
            | 'actor_id'
            | 'source'
            | 'lead_status'
            | 'created_by'
          prefix?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': { data: { value: string; leads_count: number; relation: 'exact' | 'at_least' }[] }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads': {
    /** List leads */
    get: {
      parameters: {
        path?: never
        query?: {
          id?: string | string[]
          email?: string | string[]
          phone?: string | string[]
          company_id?: string | string[]
          company_name?: string | string[]
          company_domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          state?: string | string[]
          industry?: string | string[]
          source?: string | string[]
          provider_name?: string | string[]
          external_id?: string | string[]
          actor_id?: string | string[]
          run_id?: string | string[]
          enrichment_status?: string | string[]
          lead_status?: string | string[]
          lead_score?: string | string[]
          data_quality_score?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          updated_at?: string | string[]
          created_by?: string | string[]
          import_batch_id?: string | string[]
          is_deleted?: string | string[]
          sort?:
            | 'created_at'
            | '-created_at'
            | 'updated_at'
            | '-updated_at'
            | 'lead_score'
            | '-lead_score'
            | 'data_quality_score'
            | '-data_quality_score'
            | 'id'
            | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          fields?: string
          q?: string
          include?: string
          include_deleted?: 'true' | 'false'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedLead'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Create a lead */
    post: {
      parameters: {
        path?: never
        query?: { allow_duplicate?: 'true' | 'false' }
        header?: { 'Idempotency-Key'?: string }
        cookie?: never
      }
      requestBody: { content: { 'application/json': components['schemas']['NewLead'] } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Lead'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}': {
    /** Get a lead */
    get: {
      parameters: {
        path: { id: number }
        query?: { include?: string; include_deleted?: 'true' | 'false' }
        header?: { 'If-None-Match'?: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LeadWithIncludes'] }
        }
        301: { headers: { [name: string]: unknown }; content?: never }
        304: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Update a lead */
    patch: {
      parameters: { path: { id: number }; query?: never; header?: { 'If-Match'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/merge-patch+json': components['schemas']['LeadPatch']
          'application/json': components['schemas']['LeadPatch']
        }
      }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Lead'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Delete a lead */
    delete: {
      parameters: { path: { id: number }; query?: never; header?: { 'If-Match'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/events': {
    /** List the history of a lead */
    get: {
      parameters: {
        path: { id: number }
        query?: {
          event_type?: string | string[]
          event_timestamp?: string | string[]
          sort?: 'event_timestamp' | '-event_timestamp'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['LeadEvent'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Add an event to a lead */
    post: {
      parameters: { path: { id: number }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            event_type: string
            event_name?: string | null
            event_description?: string | null
            event_data?: { [name: string]: components['schemas']['JsonValue'] } | null
            event_timestamp?: string
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LeadEvent'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/source': {
    /** Get the source of a lead */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LeadSource'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/export': {
    /** Export leads as NDJSON or CSV */
    get: {
      parameters: {
        path?: never
        query?: {
          id?: string | string[]
          email?: string | string[]
          phone?: string | string[]
          company_id?: string | string[]
          company_name?: string | string[]
          company_domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          state?: string | string[]
          industry?: string | string[]
          source?: string | string[]
          provider_name?: string | string[]
          external_id?: string | string[]
          actor_id?: string | string[]
          run_id?: string | string[]
          enrichment_status?: string | string[]
          lead_status?: string | string[]
          lead_score?: string | string[]
          data_quality_score?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          updated_at?: string | string[]
          created_by?: string | string[]
          import_batch_id?: string | string[]
          is_deleted?: string | string[]
          sort?:
            | 'created_at'
            | '-created_at'
            | 'updated_at'
            | '-updated_at'
            | 'lead_score'
            | '-lead_score'
            | 'data_quality_score'
            | '-data_quality_score'
            | 'id'
            | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          fields?: string
          q?: string
          format?: 'ndjson' | 'csv'
          include_deleted?: 'true' | 'false'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/x-ndjson': string; 'text/csv': string } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/changes': {
    /** Read the change feed */
    get: {
      parameters: {
        path?: never
        query?: {
          order?: 'updated_at' | 'created_at'
          since?: string
          cursor?: string
          limit?: number
          fields?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: {
                id?: number
                full_name?: string | null
                first_name?: string | null
                last_name?: string | null
                title?: string | null
                email?: string | null
                email_verified?: boolean
                phone?: string | null
                phone_verified?: boolean
                additional_emails?: string[]
                additional_phones?: string[]
                company_id?: number | null
                company_name?: string | null
                company_domain?: string | null
                country?: string | null
                city?: string | null
                state?: string | null
                postal_code?: string | null
                street?: string | null
                industry?: string | null
                tags?: string[]
                source?: 'apify' | 'manual' | 'import' | 'api'
                provider_name?: string | null
                external_id?: string | null
                actor_id?: string | null
                run_id?: string | null
                dataset_id?: string | null
                enrichment_status?: 'pending' | 'enriched' | 'failed'
                enrichment_data?: { [name: string]: components['schemas']['JsonValue'] } | null
                lead_score?: number | null
                data_quality_score?: number | null
                lead_status?: 'new' | 'contacted' | 'qualified' | 'converted'
                notes?: string | null
                raw_data?: components['schemas']['JsonValue'] | null
                merged_into_id?: number | null
                version?: number
                created_at?: string
                updated_at?: string
                created_by?: string | null
                updated_by?: string | null
                is_deleted?: boolean
                deleted_at?: string | null
                deleted_by?: string | null
              }[]
              next_cursor: string
              has_more: boolean
              settled_until: string
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/batch': {
    /** Create, upsert, update, delete and restore up to 1,000 leads */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: { 'application/json': { is_atomic?: boolean; operations: components['schemas']['BatchOperation'][] } }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              succeeded: number
              failed: number
              results: {
                status: number
                id: number | null
                version: number | null
                problem?: { [name: string]: unknown }
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/restore': {
    /** Restore a deleted lead */
    post: {
      parameters: {
        path: { id: number }
        query?: never
        header?: { 'If-Match'?: string; 'Idempotency-Key'?: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Lead'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/enrichment': {
    /** Store the result of an enrichment */
    put: {
      parameters: { path: { id: number }; query?: never; header?: { 'If-Match'?: string }; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['Enrichment'] } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Lead'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/jobs': {
    /** Create a bulk job */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            job_type: 'update' | 'delete' | 'restore'
            query: string
            patch?: components['schemas']['LeadPatch']
          }
        }
      }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['BulkJob'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** List bulk jobs */
    get: {
      parameters: {
        path?: never
        query?: {
          job_type?: string | string[]
          job_status?: string | string[]
          created_at?: string | string[]
          sort?: 'created_at' | '-created_at' | 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['BulkJob'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/jobs/{id}': {
    /** Get a bulk job */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['BulkJob'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Cancel a bulk job */
    delete: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['BulkJob'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/jobs/{id}/run': {
    /** Run a bulk job */
    post: {
      parameters: { path: { id: number }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['BulkJob'] } }
        202: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['BulkJob'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies/facets': {
    /** List the values of a field */
    get: {
      parameters: {
        path?: never
        query?: {
          id?: string | string[]
          name?: string | string[]
          domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          industry?: string | string[]
          company_key?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          is_deleted?: string | string[]
          q?: string
          field: 'country' | 'city' | 'industry' | 'tags'
          prefix?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': { data: { value: string; companies_count: number; relation: 'exact' | 'at_least' }[] }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies/batch': {
    /** Create, update, delete and restore up to 1,000 companies */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': { is_atomic?: boolean; operations: components['schemas']['CompanyOperation'][] }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              succeeded: number
              failed: number
              results: {
                status: number
                id: number | null
                version: number | null
                problem?: { [name: string]: unknown }
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies': {
    /** List companies */
    get: {
      parameters: {
        path?: never
        query?: {
          id?: string | string[]
          name?: string | string[]
          domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          industry?: string | string[]
          company_key?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          is_deleted?: string | string[]
          sort?: 'created_at' | '-created_at' | 'name' | '-name' | 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          fields?: string
          q?: string
          include?: string
          include_deleted?: 'true' | 'false'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedCompany'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Create a company */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['NewCompany'] } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Company'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies/{id}': {
    /** Get a company */
    get: {
      parameters: {
        path: { id: number }
        query?: { include_deleted?: 'true' | 'false' }
        header?: { 'If-None-Match'?: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Company'] } }
        304: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Update a company */
    patch: {
      parameters: { path: { id: number }; query?: never; header?: { 'If-Match'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/merge-patch+json': components['schemas']['CompanyPatch']
          'application/json': components['schemas']['CompanyPatch']
        }
      }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Company'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Delete a company */
    delete: {
      parameters: { path: { id: number }; query?: never; header?: { 'If-Match'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies/{id}/restore': {
    /** Restore a deleted company */
    post: {
      parameters: {
        path: { id: number }
        query?: never
        header?: { 'If-Match'?: string; 'Idempotency-Key'?: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Company'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        412: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/companies/{id}/leads': {
    /** List the leads of a company */
    get: {
      parameters: {
        path: { id: number }
        query?: {
          id?: string | string[]
          email?: string | string[]
          phone?: string | string[]
          company_id?: string | string[]
          company_name?: string | string[]
          company_domain?: string | string[]
          country?: string | string[]
          city?: string | string[]
          state?: string | string[]
          industry?: string | string[]
          source?: string | string[]
          provider_name?: string | string[]
          external_id?: string | string[]
          actor_id?: string | string[]
          run_id?: string | string[]
          enrichment_status?: string | string[]
          lead_status?: string | string[]
          lead_score?: string | string[]
          data_quality_score?: string | string[]
          tags?: string | string[]
          created_at?: string | string[]
          updated_at?: string | string[]
          created_by?: string | string[]
          import_batch_id?: string | string[]
          is_deleted?: string | string[]
          sort?:
            | 'created_at'
            | '-created_at'
            | 'updated_at'
            | '-updated_at'
            | 'lead_score'
            | '-lead_score'
            | 'data_quality_score'
            | '-data_quality_score'
            | 'id'
            | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          fields?: string
          q?: string
          include?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedLead'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/syncs': {
    /** List syncs */
    get: {
      parameters: {
        path?: never
        query?: {
          actor_id?: string | string[]
          sync_status?: string | string[]
          run_status?: string | string[]
          created_at?: string | string[]
          sort?: 'created_at' | '-created_at' | 'finished_at' | '-finished_at' | 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          include?: 'input_params'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedSync'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Sync a run */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: { content: { 'application/json': { run_id: string } } }
      responses: {
        202: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { run_id: string; is_queued: true } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/syncs/{run_id}': {
    /** Get the sync of a run */
    get: {
      parameters: { path: { run_id: string }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Sync'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/syncs/{run_id}/rejections': {
    /** List the rejected items of a run */
    get: {
      parameters: {
        path: { run_id: string }
        query?: {
          run_id?: string | string[]
          actor_id?: string | string[]
          dataset_id?: string | string[]
          reason?: string | string[]
          resolved_at?: string | string[]
          created_at?: string | string[]
          sort?: 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          include?: 'raw_data'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedRejection'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/rejections': {
    /** List rejected items of all runs */
    get: {
      parameters: {
        path?: never
        query?: {
          run_id?: string | string[]
          actor_id?: string | string[]
          dataset_id?: string | string[]
          reason?: string | string[]
          resolved_at?: string | string[]
          created_at?: string | string[]
          sort?: 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
          include?: 'raw_data'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ListedRejection'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/rejections/reasons': {
    /** Count rejected items by reason */
    get: {
      parameters: {
        path?: never
        query?: {
          run_id?: string | string[]
          actor_id?: string | string[]
          dataset_id?: string | string[]
          reason?: string | string[]
          resolved_at?: string | string[]
          created_at?: string | string[]
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: {
                reason: string
                rejections_count: number
                relation: 'exact' | 'at_least'
                last_id: number
                last_run_id: string
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/rejections/{id}': {
    /** Get a rejected item */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['SyncRejection'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/syncs/{run_id}/retry': {
    /** Retry a sync */
    post: {
      parameters: { path: { run_id: string }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        202: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { run_id: string; is_queued: true } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/syncs/{run_id}/replay': {
    /** Replay the rejected items of a run */
    post: {
      parameters: { path: { run_id: string }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { tried: number; resolved: number; still_rejected: number } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/imports': {
    /** Import a CSV or NDJSON file */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            content: string
            file_name?: string
            import_batch_id?: string
            is_last?: boolean
            on_duplicate?: 'merge' | 'skip'
            delimiter?: string
            map?: { [name: string]: string | null }
          }
        }
      }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Import'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** List imports */
    get: {
      parameters: { path?: never; query?: { limit?: number }; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { data: components['schemas']['Import'][] } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/imports/{import_batch_id}/parts': {
    /** Send the next part of a file */
    post: {
      parameters: {
        path: { import_batch_id: string }
        query?: never
        header?: { 'Idempotency-Key'?: string }
        cookie?: never
      }
      requestBody: { content: { 'application/json': { content: string; from_record: number; is_last?: boolean } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Import'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/imports/{import_batch_id}': {
    /** Get an import */
    get: {
      parameters: { path: { import_batch_id: string }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Import'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/imports/{import_batch_id}/rejections': {
    /** List the rejected records of an import */
    get: {
      parameters: {
        path: { import_batch_id: string }
        query?: { limit?: number; after_record?: number }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: {
                import_batch_id: string
                record_number: number
                line_number: number | null
                reason: string
                raw_data: components['schemas']['JsonValue'] | null
                created_at: string
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/imports/{import_batch_id}/undo': {
    /** Undo an import */
    post: {
      parameters: {
        path: { import_batch_id: string }
        query?: never
        header?: { 'Idempotency-Key'?: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              import_batch_id: string
              batch_status: 'importing' | 'completed' | 'undoing' | 'undone'
              file_name: string | null
              import_options: { [name: string]: components['schemas']['JsonValue'] }
              column_matches:
                | {
                    header: string
                    column: string | null
                    is_override: boolean
                    misread?: { count: number; example: string }
                  }[]
                | null
              next_record: number
              total_records: number
              synced_records: number
              duplicate_records: number
              failed_records: number
              updated_records: number
              completed_at: string | null
              undone_at: string | null
              created_at: string
              updated_at: string
              created_by: string | null
              updated_by: string | null
              counts: { deleted: number; reverted: number; kept: number }
              kept: {
                lead_id: number
                full_name: string | null
                email: string | null
                company_name: string | null
                kept_fields: string[] | null
                kept_reason: string | null
              }[]
            }
          }
        }
        202: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              import_batch_id: string
              batch_status: 'importing' | 'completed' | 'undoing' | 'undone'
              file_name: string | null
              import_options: { [name: string]: components['schemas']['JsonValue'] }
              column_matches:
                | {
                    header: string
                    column: string | null
                    is_override: boolean
                    misread?: { count: number; example: string }
                  }[]
                | null
              next_record: number
              total_records: number
              synced_records: number
              duplicate_records: number
              failed_records: number
              updated_records: number
              completed_at: string | null
              undone_at: string | null
              created_at: string
              updated_at: string
              created_by: string | null
              updated_by: string | null
              counts: { deleted: number; reverted: number; kept: number }
              kept: {
                lead_id: number
                full_name: string | null
                email: string | null
                company_name: string | null
                kept_fields: string[] | null
                kept_reason: string | null
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/duplicates': {
    /** List pairs of leads that may be one */
    get: {
      parameters: {
        path?: never
        query?: {
          at_least?: number
          status?: 'open' | 'merged' | 'dismissed'
          lead_id?: number
          limit?: number
          cursor?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['DuplicatePair'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/duplicates/{a}/{b}': {
    /** Compare two leads */
    get: {
      parameters: { path: { a: number; b: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              lead_a: number
              lead_b: number
              certainty: number
              is_certain: boolean
              duplicate_status: 'open' | 'merged' | 'dismissed'
              reasons: string[]
              checked_at: string
              decided_at: string | null
              decided_by: string | null
              leads: {
                id: number
                full_name: string | null
                first_name: string | null
                last_name: string | null
                title: string | null
                email: string | null
                email_verified: boolean
                phone: string | null
                phone_verified: boolean
                additional_emails: string[]
                additional_phones: string[]
                company_id: number | null
                company_name: string | null
                company_domain: string | null
                country: string | null
                city: string | null
                state: string | null
                postal_code: string | null
                street: string | null
                industry: string | null
                tags: string[]
                source: 'apify' | 'manual' | 'import' | 'api'
                provider_name: string | null
                external_id: string | null
                actor_id: string | null
                run_id: string | null
                dataset_id: string | null
                enrichment_status: 'pending' | 'enriched' | 'failed'
                enrichment_data: { [name: string]: components['schemas']['JsonValue'] } | null
                lead_score: number | null
                data_quality_score: number | null
                lead_status: 'new' | 'contacted' | 'qualified' | 'converted'
                notes: string | null
                merged_into_id: number | null
                version: number
                created_at: string
                updated_at: string
                created_by: string | null
                updated_by: string | null
                is_deleted: boolean
                deleted_at: string | null
                deleted_by: string | null
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Dismiss a pair: two leads are not one */
    delete: {
      parameters: { path: { a: number; b: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/merge': {
    /** Merge other leads into this one */
    post: {
      parameters: { path: { id: number }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: { content: { 'application/json': { lead_ids: number[] } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              lead: components['schemas']['Lead']
              merges: {
                keeper_id: number
                merged_id: number
                changed_fields: {
                  [name: string]: { old: components['schemas']['JsonValue']; new: components['schemas']['JsonValue'] }
                }
                moved_identities: string[]
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        410: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/unmerge': {
    /** Undo the merge of this lead */
    post: {
      parameters: { path: { id: number }; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              keeper_id: number
              merged_id: number
              restored_fields: string[]
              kept_fields: string[]
              moved_identities: string[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/leads/{id}/identities': {
    /** List by what imports recognize a lead */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': { data: { identity: string; lead_id: number; is_shared: boolean; seen_at: string }[] }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/stats/series': {
    /** Get figures per day or week */
    get: {
      parameters: {
        path?: never
        query?: {
          measure: 'leads' | 'records' | 'cost' | 'fill_rate'
          by?: 'actor' | 'source' | 'lead_status' | 'country'
          interval?: 'day' | 'week'
          since?: string
          until?: string
          zone?: string
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              measure: 'leads' | 'records' | 'cost' | 'fill_rate'
              interval: 'day' | 'week'
              zone: string
              since: string
              until: string
              series: {
                key: string | null
                is_other: boolean
                total: number
                points: {
                  start: string
                  value: number
                  synced_records?: number
                  duplicate_records?: number
                  failed_records?: number
                }[]
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/stats': {
    /** Get statistics */
    get: {
      parameters: { path?: never; query?: { since?: string; until?: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              leads_count: number
              by_lead_status: { value: string | null; leads_count: number }[]
              by_enrichment_status: { value: string | null; leads_count: number }[]
              by_country: { value: string | null; leads_count: number }[]
              by_source: { value: string | null; leads_count: number }[]
              by_day: { day: string; leads_count: number }[]
              funnel: { lead_status: string; leads_count: number; share: number }[]
              by_actor: {
                actor_id: string | null
                actor_name: string | null
                runs_count: number
                total_records: number
                synced_records: number
                duplicate_records: number
                failed_records: number
                cost_usd: number | null
                cost_per_new_lead_usd: number | null
              }[]
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/views': {
    /** List saved views */
    get: {
      parameters: {
        path?: never
        query?: {
          list?: string | string[]
          name?: string | string[]
          is_shared?: string | string[]
          sort?: 'position' | '-position' | 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['SavedView'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Save a view */
    post: {
      parameters: { path?: never; query?: never; header?: { 'Idempotency-Key'?: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            list: 'leads' | 'companies' | 'syncs' | 'imports' | 'rejections'
            name: string
            query: string
            columns?: string[] | null
            is_shared?: boolean
            position?: number
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['SavedView'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/views/{id}': {
    /** Get a saved view */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['SavedView'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Update a saved view */
    patch: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody: {
        content: {
          'application/merge-patch+json': {
            name?: string
            query?: string
            columns?: string[] | null
            is_shared?: boolean
            position?: number
          }
          'application/json': {
            name?: string
            query?: string
            columns?: string[] | null
            is_shared?: boolean
            position?: number
          }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['SavedView'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Delete a saved view */
    delete: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/me': {
    /** Get the API key of this request */
    get: {
      parameters: { path?: never; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['CurrentKey'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/api-keys': {
    /** List API keys */
    get: {
      parameters: {
        path?: never
        query?: {
          name?: string | string[]
          sort?: 'id' | '-id'
          limit?: number
          cursor?: string
          count?: 'exact' | 'estimated'
        }
        header?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              data: components['schemas']['ApiKey'][]
              next_cursor: string | null
              count?: { value: number; relation: 'exact' | 'at_least' }
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Create an API key */
    post: {
      parameters: { path?: never; query?: never; header?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': { name: string; scopes: ('read' | 'write' | 'admin')[]; expires_at?: string | null }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { api_key: components['schemas']['ApiKey']; secret: string } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/api-keys/{id}': {
    /** Get an API key */
    get: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['ApiKey'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
    /** Revoke an API key */
    delete: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['ApiKey'] } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/api-keys/{id}/rotate': {
    /** Rotate an API key */
    post: {
      parameters: { path: { id: number }; query?: never; header?: never; cookie?: never }
      requestBody?: { content: { 'application/json': { grace_s?: number; expires_at?: string | null } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { api_key: components['schemas']['ApiKey']; secret: string } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        409: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/health': {
    /** Check the health of the service */
    get: {
      parameters: { path?: never; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { status: 'ok'; database: 'ok' } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/openapi.json': {
    /** Get the OpenAPI document */
    get: {
      parameters: { path?: never; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { [name: string]: unknown } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/docs': {
    /** Get the documentation page */
    get: {
      parameters: { path?: never; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'text/html': string } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
  '/docs/{file}': {
    /** Get a file of the documentation page */
    get: {
      parameters: { path: { file: string }; query?: never; header?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'text/css': string; 'text/javascript': string; 'text/plain': string; 'image/png': string }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/problem+json': components['schemas']['Problem'] }
        }
      }
    }
  }
}
