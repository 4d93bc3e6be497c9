/** The types of the API. Written by `npm run client:types` from its OpenAPI document: do not edit. */

export interface paths {
    "/files/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bytes of a rendition, a playlist or a segment
         * @description Anyone.
         */
        get: operations["getFilesKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alive: the process answers
         * @description Anyone.
         */
        get: operations["getHealthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus metrics
         * @description An API key. Scope `metrics:read`.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This API as OpenAPI 3.1
         * @description Anyone.
         */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready: the ledger is there, so that every POST is safe, and the consumers of this process work
         * @description Anyone.
         */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/abuse-decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the velocity rules would have looked at or have blocked, newest first
         * @description An API key. Scope `abuse:read`.
         */
        get: operations["getV1AbuseDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs that no live worker can run, and queues that take no more jobs
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Dead jobs by the fingerprint of their error, the newest group first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1Dead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your feed, newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `feed:read`.
         */
        get: operations["getV1Feed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enqueue a flow of up to 1,000 jobs, all or none
         * @description An API key. Scope `jobs:write`.
         */
        post: operations["postV1Flows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/flows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A flow, by its id or that of any of its jobs
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1FlowsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/follow-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List those who wait to follow you, newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:read`.
         */
        get: operations["getV1FollowRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/follow-requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let somebody follow you who has asked to
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        put: operations["putV1FollowRequestsId"];
        post?: never;
        /**
         * Refuse somebody who has asked to follow you; nobody is told
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1FollowRequestsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/followers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a follower; your posts leave that feed at once, and nobody is told
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1FollowersId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your threads, the newest message first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:read`.
         */
        get: operations["getV1Inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow your inbox; a client that resumes gets what it has missed, each event once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:read`.
         */
        get: operations["getV1InboxEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/job-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The job types that exist
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1JobTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/job-types/{type}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop starting jobs of a type
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1JobTypesTypePause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/job-types/{type}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start jobs of a paused type again
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1JobTypesTypeResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find jobs, newest first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1Jobs"];
        put?: never;
        /**
         * Enqueue a job
         * @description An API key. Scope `jobs:write`.
         */
        post: operations["postV1Jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job: all of it with an API key, its state for its user
         * @description An API key, or a user for what is his own. Scope `jobs:read`.
         */
        get: operations["getV1JobsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What operators and keys did to a job, the newest first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1JobsIdAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job that has not ended; a running one is aborted
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1JobsIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a dead job up; for good where that is said
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1JobsIdDiscard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow one job; each event holds all that is known, so a reconnect misses nothing
         * @description An API key, or a user for what is his own. Scope `jobs:read`.
         */
        get: operations["getV1JobsIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log lines of one job, oldest first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1JobsIdLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/payload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job's payload, from its row or from the file store
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1JobsIdPayload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a job dead again that was discarded a moment ago
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1JobsIdRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job's result, from its row or from the file store; null while there is none
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1JobsIdResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a dead job back, with another payload where given; run a scheduled one now
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1JobsIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A job's payload with its secret fields in clear; the audit says who asked
         * @description An API key. Scope `jobs:reveal`.
         */
        post: operations["postV1JobsIdReveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enqueue up to 10,000 jobs, all or nothing
         * @description An API key. Scope `jobs:write`.
         */
        post: operations["postV1JobsBulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop starting jobs of a key, of whatever type
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1KeysKeyPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start jobs of a paused key again
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1KeysKeyResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your photos and videos, the newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:read`.
         */
        get: operations["getV1Media"];
        put?: never;
        /**
         * Process a photo or video that lies at a URL or in the file store
         * @description An API key. Scope `media:write`.
         */
        post: operations["postV1Media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One photo or video of yours, with its state and renditions
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:read`.
         */
        get: operations["getV1MediaId"];
        put?: never;
        post?: never;
        /**
         * Remove a photo or video of yours; its URLs stop working at once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        delete: operations["deleteV1MediaId"];
        options?: never;
        head?: never;
        /**
         * Say what a photo or video of yours shows, for those who can not see it
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        patch: operations["patchV1MediaId"];
        trace?: never;
    };
    "/v1/media/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the processing; each event holds all that is known, so a reconnect misses nothing
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:read`.
         */
        get: operations["getV1MediaIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{id}/renditions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a photo of yours rendered in other looks, or as AVIF; what is visible stays as it is
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1MediaIdRenditions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{id}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Photos and videos of yours that look the same, the nearest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:read`.
         */
        get: operations["getV1MediaIdSimilar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What would be made of a video, and what it would cost; nothing is made
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1MediaPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/poison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Contents that failed for what they are, and are refused when they come again; the newest first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1MediaPoison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/poison/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run contents again that failed with an older pipeline: redrives the dead jobs of their records, up to 500, in stages
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1MediaPoisonRerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the e-mail address and the webhook at which you are notified
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1NotificationAddresses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-addresses/{channel}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Be notified there no more
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        delete: operations["deleteV1NotificationAddressesChannel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-addresses/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Be notified by e-mail; you are sent a code to confirm the address with, unless a key acts for you
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        put: operations["putV1NotificationAddressesEmail"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-addresses/email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm your e-mail address by the code that was sent there
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        post: operations["postV1NotificationAddressesEmailConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-addresses/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Be notified by a webhook; each call makes a new secret
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        put: operations["putV1NotificationAddressesWebhook"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what you want to be notified of, and where
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1NotificationPreferences"];
        /**
         * Say what you want to be notified of, and where; what is left out is as by default
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        put: operations["putV1NotificationPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your notifications: unread first, then newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1Notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why you were told, or were not told yet; kept for 30 days
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1NotificationsIdWhy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow your notifications; a client that resumes gets what it has missed, each event once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1NotificationsEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notifications as read: those named, or all of yours
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        post: operations["postV1NotificationsRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why you were or were not told of what somebody did; kept for 30 days
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1NotificationsWhy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Operations, the newest first
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1Operations"];
        put?: never;
        /**
         * Redrive, discard or cancel many jobs; with `dryRun`, say which
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1Operations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far an operation is
         * @description An API key. Scope `jobs:read`.
         */
        get: operations["getV1OperationsId"];
        put?: never;
        post?: never;
        /**
         * Abort an operation: it moves no further job
         * @description An API key. Scope `jobs:operate`.
         */
        delete: operations["deleteV1OperationsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the jobs dead again that an operation has discarded
         * @description An API key. Scope `jobs:operate`.
         */
        post: operations["postV1OperationsIdUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pauses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every queue, job type and key that is paused
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Pauses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post photos and videos; published as soon as they are processed
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        post: operations["postV1Posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a post
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:read`.
         */
        get: operations["getV1PostsId"];
        put?: never;
        post?: never;
        /**
         * Delete a post; again changes nothing
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        delete: operations["deleteV1PostsId"];
        options?: never;
        head?: never;
        /**
         * Say who may see a post; reads obey at once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        patch: operations["patchV1PostsId"];
        trace?: never;
    };
    "/v1/posts/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the comments on a post, newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:read`.
         */
        get: operations["getV1PostsIdComments"];
        put?: never;
        /**
         * Comment on a post
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        post: operations["postV1PostsIdComments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{id}/like": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Like a post; again changes nothing
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        put: operations["putV1PostsIdLike"];
        post?: never;
        /**
         * Take a like back
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:write`.
         */
        delete: operations["deleteV1PostsIdLike"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make your account private or open; who follows you stays, everybody else loses sight of it at once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        put: operations["putV1Privacy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/push-subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the browsers in which you are notified, at most 20, and the key to subscribe with
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:read`.
         */
        get: operations["getV1PushSubscriptions"];
        put?: never;
        /**
         * Be notified in this browser: what `PushSubscription.toJSON()` gives; again changes nothing
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        post: operations["postV1PushSubscriptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/push-subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Be notified in that browser no more
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `notifications:write`.
         */
        delete: operations["deleteV1PushSubscriptionsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every queue of both lanes with its counts
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{lane}/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say how long jobs of a queue may wait before it takes no more
         * @description An API key. Scope `queues:operate`.
         */
        patch: operations["patchV1QueuesLaneQueue"];
        trace?: never;
    };
    "/v1/queues/{lane}/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop starting jobs of a queue
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1QueuesLaneQueuePause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{lane}/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start jobs of a paused queue again
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1QueuesLaneQueueResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/repairs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was found wrong and put right, the newest first
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Repairs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every schedule, by name
         * @description An API key. Scope `schedules:read`.
         */
        get: operations["getV1Schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One schedule with its next five runs and its last one
         * @description An API key. Scope `schedules:read`.
         */
        get: operations["getV1SchedulesName"];
        /**
         * Make or replace a schedule
         * @description An API key. Scope `schedules:write`.
         */
        put: operations["putV1SchedulesName"];
        post?: never;
        /**
         * Remove a schedule; its jobs stay
         * @description An API key. Scope `schedules:write`.
         */
        delete: operations["deleteV1SchedulesName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let no further slot run
         * @description An API key. Scope `schedules:write`.
         */
        post: operations["postV1SchedulesNamePause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with the next slot
         * @description An API key. Scope `schedules:write`.
         */
        post: operations["postV1SchedulesNameResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enqueue the job of a schedule now, also of a paused one
         * @description An API key. Scope `schedules:write`.
         */
        post: operations["postV1SchedulesNameRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in; the token lasts until it was not used for 30 days
         * @description Anyone.
         */
        post: operations["postV1Sessions"];
        /**
         * Log out everywhere: end every token of the user
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1Sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Log out: end the session whose token is sent
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1SessionsCurrent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tenants with another weight than 1
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Tenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the weight of a tenant
         * @description An API key. Scope `queues:operate`.
         */
        put: operations["putV1TenantsTenant"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/threads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open the thread of yourself and others; the same people always have the same one
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:write`.
         */
        post: operations["postV1Threads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/threads/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a thread, newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:read`.
         */
        get: operations["getV1ThreadsIdMessages"];
        put?: never;
        /**
         * Write a message
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:write`.
         */
        post: operations["postV1ThreadsIdMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/threads/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a thread as read, through a message or to its end; never takes it back
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `direct:write`.
         */
        post: operations["postV1ThreadsIdRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a short-lived token for a browser, or a 60 s ticket for `?ticket=` on event streams
         * @description An API key, or a user for what is his own. Scope `tokens:write`.
         */
        post: operations["postV1Tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is trending; while anything is down the last good list, which `asOf` tells
         * @description An API key, or a user for what is his own. Scope `trending:read`.
         */
        get: operations["getV1Trending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind the link of a mail: asks before it turns mails off
         * @description Anyone.
         */
        get: operations["getV1UnsubscribeToken"];
        put?: never;
        /**
         * Turn mails of one kind off, by one click (RFC 8058); the link is the permission
         * @description Anyone.
         */
        post: operations["postV1UnsubscribeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a photo or a video as multipart/form-data: `metadata`, `sha256`, `altText` and `filters` (all optional), then `file`
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1Uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/presigned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a file straight to the bucket; only where files are kept in one
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1UploadsPresigned"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/presigned/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand over what was sent straight to the bucket
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1UploadsPresignedFinish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/tus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a resumable upload (tus 1.0.0); its `Location` takes the bytes
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        post: operations["postV1UploadsTus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/tus/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Give a resumable upload up
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        delete: operations["deleteV1UploadsTusId"];
        options?: never;
        /**
         * Where a resumable upload stands
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        head: operations["headV1UploadsTusId"];
        /**
         * Send bytes to a resumable upload; the last answer carries `Twolane-Media-Id`
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `media:write`.
         */
        patch: operations["patchV1UploadsTusId"];
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description Anyone.
         */
        post: operations["postV1Users"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a profile
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:read`.
         */
        get: operations["getV1UsersId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Block a user: ends following both ways and hides the posts and comments of each from the other
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        put: operations["putV1UsersIdBlock"];
        post?: never;
        /**
         * Unblock a user
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1UsersIdBlock"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Follow a user, or ask to if the account is private; again changes nothing
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        put: operations["putV1UsersIdFollow"];
        post?: never;
        /**
         * Stop following a user, or asking to; the user's posts leave your feed at once
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `users:write`.
         */
        delete: operations["deleteV1UsersIdFollow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a user's posts, newest first
         * @description A user, or an API key with the scope `act` and `X-Acting-User`. Scope `posts:read`.
         */
        get: operations["getV1UsersIdPosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks, the newest first
         * @description An API key. Scope `webhooks:read`.
         */
        get: operations["getV1Webhooks"];
        put?: never;
        /**
         * Tell a URL of yours what happens, by Standard Webhooks
         * @description An API key. Scope `webhooks:write`.
         */
        post: operations["postV1Webhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook
         * @description An API key. Scope `webhooks:read`.
         */
        get: operations["getV1WebhooksId"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook with its log; what is on its way is not sent any more
         * @description An API key. Scope `webhooks:write`.
         */
        delete: operations["deleteV1WebhooksId"];
        options?: never;
        head?: never;
        /**
         * Change a webhook; what is not named stays
         * @description An API key. Scope `webhooks:write`.
         */
        patch: operations["patchV1WebhooksId"];
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent, the newest first, with every attempt
         * @description An API key. Scope `webhooks:read`.
         */
        get: operations["getV1WebhooksIdDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery once more, under the same `webhook-id`
         * @description An API key. Scope `webhooks:write`.
         */
        post: operations["postV1WebhooksIdDeliveriesDeliveryIdRedeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret; the one before it signs along for a while
         * @description An API key. Scope `webhooks:write`.
         */
        post: operations["postV1WebhooksIdRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event `webhook.test`
         * @description An API key. Scope `webhooks:write`.
         */
        post: operations["postV1WebhooksIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/welcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the one-time token of the printed link for a token of the user `newcomer`
         * @description Anyone.
         */
        post: operations["postV1Welcome"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The worker processes that are alive
         * @description An API key. Scope `queues:read`.
         */
        get: operations["getV1Workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a worker process to take no more jobs and to end; it obeys with its next heartbeat
         * @description An API key. Scope `queues:operate`.
         */
        post: operations["postV1WorkersIdDrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedMedia: {
            /** @description Of the media. */
            id: string;
            /** @description Of the job that processes it. */
            jobId: string;
        };
        AcceptedRenditions: {
            jobId: string;
        };
        Alarm: {
            /** @enum {string} */
            code: "no_scheduler" | "unknown_version" | "no_worker" | "queue_overloaded" | "ledger_full";
            /** @description Jobs concerned, up to 10,000; null where they are not counted. */
            jobs: number | null;
            /** @description What is wrong and what to do. */
            message: string;
            /** Format: date-time */
            since: string;
            /** @description What it is about, such as a queue's path. */
            target: string;
        };
        Attempt: {
            attempt: number;
            /** @description When somebody asked for the cancel of the job. */
            cancelRequestedAt: string | null;
            error: components["schemas"]["JobError"] | null;
            finishedAt: string | null;
            /** @enum {string} */
            outcome: "running" | "succeeded" | "failed" | "timed_out" | "crashed" | "cancelled" | "released";
            /** Format: date-time */
            startedAt: string;
            /** @description When its work had really stopped; null while it has not. */
            stoppedAt: string | null;
            worker: string | null;
        };
        AuditedChange: {
            action: string;
            /** @description Null for an edit made through the library. */
            actor: string | null;
            /** Format: date-time */
            at: string;
            /** @description For an edit, `edited` points to the fields that changed. */
            detail: unknown;
            /** @description `done`, or the code of the refusal. */
            outcome: string | null;
            /** @description What an edit replaced; kept as long as the job. */
            previousPayload: unknown;
            /** @description Of a large one only this is kept. */
            previousPayloadFile?: {
                bytes: number;
                sha256: string;
            };
        };
        CreatedWebhook: {
            /** Format: date-time */
            createdAt: string;
            /** @description `gone`: the receiver answered 410. `failing`: nothing went well for too long. */
            disabled: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                reason: "gone" | "failing" | "requested";
            } | null;
            enabled: boolean;
            events: string[];
            /** @description Failed attempts since the last one that went well. */
            failures: number;
            id: string;
            jobTypes: string[] | null;
            ordered: boolean;
            /** @description `whsec_…`, shown once. */
            secret: string;
            /** @description It hears of this tenant only; null: of all. */
            tenant: string | null;
            url: string;
        };
        DeadGroup: {
            count: number;
            /** @description Filter `GET /v1/jobs` and operations by it. */
            fingerprint: string;
            /** Format: date-time */
            firstAt: string;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            /** Format: date-time */
            lastAt: string;
            message: string;
            queue: string;
            /** @description The youngest of its jobs. */
            sampleId: string;
            type: string;
        };
        EnqueuedFlow: {
            deduplicated: boolean;
            /** @description That of the last job. */
            id: string;
            /** @description In the order of the request, children before their parent. */
            jobs: components["schemas"]["EnqueuedJob"][];
        };
        EnqueuedJob: {
            /** @description True when no job was made: the id is that of an earlier enqueue. */
            deduplicated: boolean;
            id: string;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            /** @description True when the idempotency key came with another payload before. */
            payloadDiffers: boolean;
            /** @description True when an earlier enqueue was given up for this one (debounce, keepLast). */
            replaced: boolean;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            type: string;
        };
        EnqueueOptions: {
            /** @description Cancelling it cancels what only it waits for. */
            cancelChildren?: boolean;
            /** @description Starts `ms` after the last enqueue of its key, at most `maxMs` after the first. */
            debounce?: {
                key: string;
                maxMs?: number;
                ms: number;
            };
            /** @description Milliseconds from now. */
            delayMs?: number;
            /**
             * Format: date-time
             * @description Cancelled with the reason `expired` when it has not started by then.
             */
            expiresAt?: string;
            /** @description The same key within its window, for the same type and tenant, answers the first job. */
            idempotencyKey?: string;
            /** @description The window of `idempotencyKey`. Default: of the type, 24 h. */
            idempotencyMs?: number;
            /** @description Of the jobs of this key that do not run only the newest stays. */
            keepLast?: {
                key: string;
            };
            /** @description Jobs of one key run one after another. */
            key?: string;
            maxAttempts?: number;
            /** @description Echoed, never interpreted. */
            metadata?: {
                [key: string]: components["schemas"]["Json"];
            };
            /**
             * @description What becomes of it when a job that it waits for fails.
             * @enum {string}
             */
            onChildFailure?: "block" | "cancel" | "continue";
            /** @enum {string} */
            priority?: "urgent" | "high" | "normal" | "low";
            /**
             * Format: date-time
             * @description Not before this time.
             */
            runAt?: string;
            /** @description Whose share of the queue it uses. */
            tenant?: string;
            /** @description One job of this key per `ms`. */
            throttle?: {
                key: string;
                ms: number;
            };
            timeoutMs?: number;
            /** @description Version of the payload given, when it is an older one. */
            version?: number;
            /** @description Jobs that must succeed first. */
            waitFor?: string[];
        };
        ExtraRenditions: {
            /**
             * @description Every size up to 1,080 pixels wide as AVIF.
             * @constant
             */
            avif?: true;
            /** @description Every size in each of these looks. */
            filters?: ("amber" | "breeze" | "cinder" | "clover" | "dune" | "ember" | "frost" | "harbour" | "ink" | "lagoon" | "linen" | "noir" | "plum" | "wheat")[];
        };
        FinishedPresignedUpload: {
            key: string;
        };
        Flow: {
            /** @description One after another. */
            chain?: components["schemas"]["Flow"][];
            children?: components["schemas"]["Flow"][];
            /** @description All at once, then `next`. */
            chord?: components["schemas"]["Flow"][];
            next?: components["schemas"]["Flow"];
            options?: components["schemas"]["FlowJobOptions"];
            /** @description All at once. */
            parallel?: components["schemas"]["Flow"][];
            payload?: unknown;
            /** @description A job, with `payload`, `options` and the `children` it waits for. */
            type?: string;
        };
        FlowJob: {
            attempt: number;
            /** Format: date-time */
            enqueuedAt: string;
            error: components["schemas"]["JobError"] | null;
            finishedAt: string | null;
            id: string;
            key: string | null;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            maxAttempts: number;
            owner: string | null;
            /** @enum {string} */
            priority: "urgent" | "high" | "normal" | "low";
            queue: string;
            reason: string | null;
            runAt: string | null;
            startedAt: string | null;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            tenant: string | null;
            type: string;
            waitsFor: string[];
            worker: string | null;
        };
        FlowJobOptions: {
            /** @description Cancelling it cancels what only it waits for. */
            cancelChildren?: boolean;
            /** @description Milliseconds from now. */
            delayMs?: number;
            /**
             * Format: date-time
             * @description Cancelled with the reason `expired` when it has not started by then.
             */
            expiresAt?: string;
            /** @description Jobs of one key run one after another. */
            key?: string;
            maxAttempts?: number;
            /** @description Echoed, never interpreted. */
            metadata?: {
                [key: string]: components["schemas"]["Json"];
            };
            /**
             * @description What becomes of it when a job that it waits for fails.
             * @enum {string}
             */
            onChildFailure?: "block" | "cancel" | "continue";
            /** @enum {string} */
            priority?: "urgent" | "high" | "normal" | "low";
            /**
             * Format: date-time
             * @description Not before this time.
             */
            runAt?: string;
            /** @description Whose share of the queue it uses. */
            tenant?: string;
            timeoutMs?: number;
            /** @description Version of the payload given, when it is an older one. */
            version?: number;
            /** @description Jobs that must succeed first. */
            waitFor?: string[];
        };
        FlowView: {
            /** @description Jobs by state. */
            counts: {
                [key: string]: number;
            };
            id: string;
            jobs: components["schemas"]["FlowJob"][];
        };
        Job: {
            attempt: number;
            attempts: components["schemas"]["Attempt"][];
            childIds: string[];
            /** Format: date-time */
            enqueuedAt: string;
            error: components["schemas"]["JobError"] | null;
            /** @description When it should have ended, from live rates; null when nothing can be said. */
            eta: string | null;
            expiresAt: string | null;
            finishedAt: string | null;
            flowId: string | null;
            id: string;
            key: string | null;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            maxAttempts: number;
            metadata: {
                [key: string]: unknown;
            } | null;
            owner: string | null;
            parentId: string | null;
            /** @description Null with a `payloadFile`. */
            payload: unknown;
            /** @description Set for a payload too large for its row; GET /v1/jobs/{id}/payload answers it. */
            payloadFile: {
                bytes: number;
                sha256: string;
            } | null;
            /** @description Jobs that start before it, counted up to 10,000: `more` when there may be more. */
            position: {
                ahead: number;
                more: boolean;
            } | null;
            /** @enum {string} */
            priority: "urgent" | "high" | "normal" | "low";
            progress: {
                note: string | null;
                percent: number;
            } | null;
            queue: string;
            reason: string | null;
            /** @description A discarded job can be restored until then. */
            restorableUntil: string | null;
            /** @description Null with a `resultFile`. */
            result: unknown;
            /** @description Set for a result too large for its row; GET /v1/jobs/{id}/result answers it. */
            resultFile: {
                bytes: number;
                sha256: string;
            } | null;
            runAt: string | null;
            startedAt: string | null;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            tenant: string | null;
            timeoutMs: number;
            traceId: string | null;
            type: string;
            version: number;
            waitsFor: string[];
            worker: string | null;
        };
        JobError: {
            code?: string;
            message: string;
            name: string;
            stack?: string;
        };
        JobEvent: {
            id: string;
            progress: {
                note: string | null;
                percent: number;
            } | null;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
        };
        JobLogLine: {
            /** Format: date-time */
            at: string;
            attempt: number;
            fields: {
                [key: string]: unknown;
            } | null;
            message: string;
        };
        JobSummary: {
            attempt: number;
            /** Format: date-time */
            enqueuedAt: string;
            error: components["schemas"]["JobError"] | null;
            finishedAt: string | null;
            id: string;
            key: string | null;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            maxAttempts: number;
            owner: string | null;
            /** @enum {string} */
            priority: "urgent" | "high" | "normal" | "low";
            queue: string;
            reason: string | null;
            runAt: string | null;
            startedAt: string | null;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            tenant: string | null;
            type: string;
            worker: string | null;
        };
        JobType: {
            defaults: {
                /** @description Milliseconds. A `custom` one is a function of the job type. */
                backoff: {
                    delayMs?: number;
                    delaysMs?: number[];
                    /** @enum {string} */
                    jitter: "full" | "equal" | "none";
                    /** @enum {string} */
                    kind: "exponential" | "linear" | "fixed" | "list" | "custom";
                    maxMs?: number;
                };
                maxAttempts: number;
                /** @enum {string} */
                priority: "urgent" | "high" | "normal" | "low";
                timeoutMs: number;
            };
            description: string;
            /** @description True: only Twolane itself enqueues it. */
            internal: boolean;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            /** @description Across the fleet; null without limits. */
            limits: {
                concurrency?: number;
                perKey?: {
                    concurrency?: number;
                    rate?: {
                        count: number;
                        perMs: number;
                    };
                };
                rate?: {
                    count: number;
                    perMs: number;
                };
            } | null;
            /** @description JSON Schema, draft 2020-12. */
            payload: {
                [key: string]: unknown;
            };
            queue: string;
            type: string;
            version: number;
        };
        /** @description Any JSON. */
        Json: unknown;
        Media: {
            /** @description For those who can not see it. */
            altText: string | null;
            /** @description `#rrggbb` */
            dominantColour: string | null;
            error?: {
                code: string;
                message: string;
            };
            id: string;
            jobId: string;
            /** @description Null until the bytes of one by URL or key have come. */
            kind: ("image" | "video") | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            original: {
                bytes: number | null;
                contentType: string | null;
                height: number | null;
                sha256: string | null;
                /** @description Upright, pixels; null until it was decoded. */
                width: number | null;
            };
            ownerId: string;
            /** @description PDQ, 64 hexadecimal digits; null where there is too little to see. */
            perceptualHash: string | null;
            /** @description Thumbhash, base64. */
            placeholder: string | null;
            /** @description Plain ones first; of each kind the largest first. */
            renditions: components["schemas"]["Rendition"][];
            /** @enum {string} */
            state: "processing" | "ready" | "failed";
            video?: components["schemas"]["Video"];
        };
        MediaDescription: {
            /** @description Null takes it away. */
            altText: string | null;
        };
        MovedJob: {
            id: string;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
        };
        NewJob: {
            options?: components["schemas"]["EnqueueOptions"];
            payload: unknown;
            type: string;
        };
        NewMedia: {
            /** @description For those who can not see it. */
            altText?: string;
            /** @description Looks in which a photo is made as well; for videos they mean nothing. */
            filters?: ("amber" | "breeze" | "cinder" | "clover" | "dune" | "ember" | "frost" | "harbour" | "ink" | "lagoon" | "linen" | "noir" | "plum" | "wheat")[];
            /** @description Echoed in answers and webhooks. */
            metadata?: {
                [key: string]: components["schemas"]["Json"];
            };
            ownerId: string;
            source: {
                /** @description Of the public internet, unless TWOLANE_OUTGOING_ALLOW says otherwise. */
                url: string;
            } | {
                /** @description Of a file below `incoming/` in the file store. It is copied. */
                key: string;
            };
        };
        NewOperation: {
            /** @enum {string} */
            action: "redrive" | "discard" | "cancel";
            /**
             * @description True: nothing is changed, the answer is a count and samples.
             * @default false
             */
            dryRun: boolean;
            /** @description Which jobs; at least one field. */
            filter: components["schemas"]["OperationFilter"];
            /** @description For `discard`: it can't be undone, and jobs that wait for what is discarded hear of it at once. Default false. */
            forGood?: boolean;
            /** @description How many jobs a redrive moves before it waits for their end. Default: 1, 10, 10%, all. */
            stages?: (number | string | "all")[];
            /** @description A redrive stops when a larger share of a stage is dead again. Default 0.1. */
            stopAbove?: number;
        };
        NewPresignedUpload: {
            /** @description For those who can not see it. */
            altText?: string;
            /** @description Of the file, exactly; the bucket takes no other. */
            bytes: number;
            /** @description Looks in which a photo is made as well; for videos they mean nothing. */
            filters?: ("amber" | "breeze" | "cinder" | "clover" | "dune" | "ember" | "frost" | "harbour" | "ink" | "lagoon" | "linen" | "noir" | "plum" | "wheat")[];
            /** @description Echoed in answers. */
            metadata?: {
                [key: string]: components["schemas"]["Json"];
            };
            /** @description Of the file, hex. What arrives otherwise fails with `checksum_mismatch`. */
            sha256?: string;
        };
        NewSchedule: {
            /**
             * @description `30 2 * * 1-5`; six fields begin with seconds.
             * @default null
             */
            cron: string | null;
            /** @default  */
            description: string;
            /** @description Default: as it is; true for a new one. */
            enabled?: boolean;
            /**
             * @description At whole multiples of this since 1970, UTC.
             * @default null
             */
            everyMs: number | null;
            /**
             * @description Each job begins up to this much after its slot.
             * @default 0
             */
            jitterMs: number;
            /**
             * @description Slots that nobody could serve in time.
             * @default run-once
             * @enum {string}
             */
            missed: "skip" | "run-once" | "run-all";
            /**
             * @description With `run-all`: the newest so many.
             * @default 100
             */
            missedMost: number;
            /**
             * @description As at an enqueue.
             * @default {}
             */
            options: {
                key?: string;
                maxAttempts?: number;
                /** @enum {string} */
                priority?: "urgent" | "high" | "normal" | "low";
                tenant?: string;
                timeoutMs?: number;
            };
            /**
             * @description A slot while a job of the schedule is under way.
             * @default allow
             * @enum {string}
             */
            overlap: "allow" | "skip";
            /** @description Checked by the job type. */
            payload: components["schemas"]["Json"];
            /**
             * @description The IANA time zone that `cron` is read in.
             * @default UTC
             */
            timeZone: string;
            /** @description The job type to enqueue. */
            type: string;
        };
        NewWebhook: {
            /** @description What it hears of. */
            events: ("job.succeeded" | "job.dead" | "job.cancelled" | "media.ready" | "media.failed" | "operation.finished" | "post.published" | "notification.announced")[];
            /**
             * @description Job events of these types only. Null: of all types but internal ones.
             * @default null
             */
            jobTypes: string[] | null;
            /**
             * @description One delivery after another: one that fails holds the later ones back until its retries are over.
             * @default false
             */
            ordered: boolean;
            /** @description Default: the key's, or all. */
            tenant?: string;
            /** @description `https:`, unless TWOLANE_OUTGOING_ALLOW names its host or network. */
            url: string;
        };
        Operation: {
            /** @enum {string} */
            action: "redrive" | "discard" | "cancel";
            actor: string;
            /** @description True: `matched` is a lower bound. */
            capped: boolean;
            /** Format: date-time */
            createdAt: string;
            filter: components["schemas"]["OperationFilter"];
            finishedAt: string | null;
            forGood: boolean;
            id: string;
            /** @description Null until they were counted. */
            matched: number | null;
            moved: number;
            reason: string | null;
            /** @description Position of the present stage, from 0. */
            stage: number;
            stages: {
                cancelled: number;
                /** @description Dead again. */
                dead: number;
                moved: number;
                /** @description Of those, with the error that they had before. */
                sameError: number;
                size: number | string;
                succeeded: number;
                /** @description Jobs whose end is watched: all, in a stage of all the rest a sample. */
                watched: number;
            }[];
            /** @enum {string} */
            status: "running" | "waiting" | "done" | "stopped" | "aborted" | "undoing" | "undone";
            stopAbove: number;
            undoableUntil: string | null;
            undone: number;
        };
        OperationFilter: {
            /** @description Code of the error. */
            code?: string;
            /** @description How the message of the error begins. */
            error?: string;
            /** @description A group of `GET /v1/dead`. */
            fingerprint?: string;
            /** @description These jobs and no others. */
            ids?: string[];
            key?: string;
            /** @enum {string} */
            lane?: "realtime" | "bulk";
            owner?: string;
            /** @description Fields of the payload, compared as JSON. */
            payload?: {
                [key: string]: components["schemas"]["Json"];
            };
            queue?: string;
            /**
             * Format: date-time
             * @description Enqueued at or after.
             */
            since?: string;
            /**
             * @description For `cancel`.
             * @enum {string}
             */
            state?: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            tenant?: string;
            type?: string;
            /**
             * Format: date-time
             * @description Enqueued before.
             */
            until?: string;
        };
        OperationPreview: {
            capped: boolean;
            /** @description Jobs that fit; a lower bound when `capped`. */
            matched: number;
            samples: components["schemas"]["JobSummary"][];
        };
        OwnJob: {
            /** @description When it should have ended, from live rates; null when nothing can be said. */
            eta: string | null;
            id: string;
            /** @description Jobs that start before it, counted up to 10,000: `more` when there may be more. */
            position: {
                ahead: number;
                more: boolean;
            } | null;
            progress: {
                note: string | null;
                percent: number;
            } | null;
            /** @enum {string} */
            state: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
            type: string;
        };
        Pause: {
            /** @enum {string} */
            kind: "queue" | "type" | "key";
            /** @description A queue's path, a job type or a key. */
            name: string;
            /** Format: date-time */
            since: string;
        };
        PoisonRecord: {
            code: string;
            /** @description How many times media of this content have failed. */
            failures: number;
            /** Format: date-time */
            firstAt: string;
            jobId: string;
            /** @enum {string} */
            kind: "image" | "video";
            /** Format: date-time */
            lastAt: string;
            /** @description The latest one. */
            mediaId: string;
            message: string;
            /** @description True: the pipeline is a newer one now, and may be tried. */
            outdated: boolean;
            /** @description Version of the pipeline that it failed with. */
            pipeline: number;
            sha256: string;
        };
        PoisonRerun: {
            /** @description As in `error` of a media. */
            code: string;
            /** @enum {string} */
            kind: "image" | "video";
            /** @description This content alone. */
            sha256?: string;
        };
        PresignedUpload: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Send them along as they are. */
            headers: {
                [key: string]: string;
            };
            /** @description To be handed over when the file has arrived. */
            key: string;
            /** @constant */
            method: "PUT";
            url: string;
        };
        Problem: {
            code: string;
            detail: string;
            errors?: {
                detail: string;
                pointer: string;
            }[];
            instance?: string;
            status: number;
            title: string;
            type: string;
        };
        Queue: {
            /** @description How long the workers of now need for what waits and is queued: what to scale by. */
            backlogMs: number;
            broker: {
                ready: number;
                unacked: number;
            } | null;
            /** @description The tightest latency budget of its job types. */
            budgetMs: number | null;
            burn1h: number | null;
            /** @description How fast it burns: 1 when 5 % of the starts of a minute are late. */
            burn1m: number | null;
            concurrency: number;
            counts: {
                blocked: number;
                dead: number;
                queued: number;
                running: number;
                scheduled: number;
                waiting: number;
            };
            enqueuedPerS: number;
            failedPerS: number;
            finishedPerS: number;
            /** @description The broker holds as much as it should; the rest waits in the ledger. */
            held: boolean;
            /** @enum {string} */
            lane: "realtime" | "bulk";
            /** @description Set by an operator; null: as the configuration says. */
            maxAgeMs: number | null;
            /** @description Age of the oldest job that could run and has not started. */
            oldestMs: number | null;
            p50RunMs: number | null;
            p50WaitMs: number | null;
            p95RunMs: number | null;
            p95WaitMs: number | null;
            paused: boolean;
            queue: string;
            /** @description Why new jobs are refused, and when to try again. */
            refusing: {
                /** @enum {string} */
                code: "queue_overloaded" | "ledger_full";
                retryAfterS: number;
            } | null;
            /** @description Finished jobs in the last 30 periods of 10 s. */
            spark: number[];
            workers: number;
        };
        Rendition: {
            bytes: number;
            /**
             * @description Absent: the whole picture.
             * @constant
             */
            crop?: "square";
            /**
             * @description Absent: as it came.
             * @enum {string}
             */
            filter?: "amber" | "breeze" | "cinder" | "clover" | "dune" | "ember" | "frost" | "harbour" | "ink" | "lagoon" | "linen" | "noir" | "plum" | "wheat";
            /** @enum {string} */
            format: "webp" | "jpeg" | "avif" | "png" | "mp4";
            /** @description Of what moves; absent: one. */
            frames?: number;
            height: number;
            name: string;
            url: string;
            width: number;
        };
        Repair: {
            /** Format: date-time */
            at: string;
            detail: string;
            id: string;
            /** @description Up to 100 of them. */
            jobIds: string[];
            jobs: number;
            /** @description `lost`, `settled_twice`, `orphaned`, `unblocked`, `abandoned`, `freed`, `republished` or `counters`; more may come. */
            kind: string;
            lane: ("realtime" | "bulk") | null;
            queue: string | null;
        };
        Schedule: {
            /** Format: date-time */
            createdAt: string;
            /**
             * @description `30 2 * * 1-5`; six fields begin with seconds.
             * @default null
             */
            cron: string | null;
            /** @description What the code says, where it declares this schedule. */
            declared: components["schemas"]["ScheduleDefinition"] | null;
            /** @default  */
            description: string;
            /** @description An operator wrote it last; the code no longer changes it. */
            edited: boolean;
            enabled: boolean;
            /**
             * @description At whole multiples of this since 1970, UTC.
             * @default null
             */
            everyMs: number | null;
            /**
             * @description Each job begins up to this much after its slot.
             * @default 0
             */
            jitterMs: number;
            lane: ("realtime" | "bulk") | null;
            /** @description `slot` is null for a run by hand. */
            lastRun: {
                /** Format: date-time */
                at: string;
                jobId: string;
                slot: string | null;
                state: ("blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled") | null;
            } | null;
            /** @description Slots that did not run. */
            lastSkipped: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                reason: "missed" | "overlap";
                /** Format: date-time */
                slot: string;
                /** Format: date-time */
                through: string;
            } | null;
            /**
             * @description Slots that nobody could serve in time.
             * @default run-once
             * @enum {string}
             */
            missed: "skip" | "run-once" | "run-all";
            /**
             * @description With `run-all`: the newest so many.
             * @default 100
             */
            missedMost: number;
            name: string;
            /** @description The next five slots; empty unless it is active. */
            nextRuns: string[];
            /**
             * @description As at an enqueue.
             * @default {}
             */
            options: {
                key?: string;
                maxAttempts?: number;
                /** @enum {string} */
                priority?: "urgent" | "high" | "normal" | "low";
                tenant?: string;
                timeoutMs?: number;
            };
            /**
             * @description A slot while a job of the schedule is under way.
             * @default allow
             * @enum {string}
             */
            overlap: "allow" | "skip";
            /** @description Checked by the job type. */
            payload: components["schemas"]["Json"];
            /** @description Why the slot that is due could not be enqueued. */
            problem: string | null;
            /** @enum {string} */
            state: "active" | "paused" | "ended" | "undeclared";
            /**
             * @description The IANA time zone that `cron` is read in.
             * @default UTC
             */
            timeZone: string;
            /** @description The job type to enqueue. */
            type: string;
            /** Format: date-time */
            updatedAt: string;
            updatedBy: string;
            /** @description When it runs, in plain English. */
            words: string | null;
        };
        ScheduleDefinition: {
            /**
             * @description `30 2 * * 1-5`; six fields begin with seconds.
             * @default null
             */
            cron: string | null;
            /** @default  */
            description: string;
            /**
             * @description At whole multiples of this since 1970, UTC.
             * @default null
             */
            everyMs: number | null;
            /**
             * @description Each job begins up to this much after its slot.
             * @default 0
             */
            jitterMs: number;
            /**
             * @description Slots that nobody could serve in time.
             * @default run-once
             * @enum {string}
             */
            missed: "skip" | "run-once" | "run-all";
            /**
             * @description With `run-all`: the newest so many.
             * @default 100
             */
            missedMost: number;
            /**
             * @description As at an enqueue.
             * @default {}
             */
            options: {
                key?: string;
                maxAttempts?: number;
                /** @enum {string} */
                priority?: "urgent" | "high" | "normal" | "low";
                tenant?: string;
                timeoutMs?: number;
            };
            /**
             * @description A slot while a job of the schedule is under way.
             * @default allow
             * @enum {string}
             */
            overlap: "allow" | "skip";
            /** @description Checked by the job type. */
            payload: components["schemas"]["Json"];
            /**
             * @description The IANA time zone that `cron` is read in.
             * @default UTC
             */
            timeZone: string;
            /** @description The job type to enqueue. */
            type: string;
        };
        SimilarMedia: {
            items: {
                distance: number;
                media: components["schemas"]["Media"];
            }[];
        };
        Tenant: {
            tenant: string;
            /** @description So many of its jobs for one of a tenant of weight 1, while both have jobs waiting. The usual weight is 1. */
            weight: number;
        };
        Video: {
            /** @description Manifest over the same segments. */
            dash?: string;
            durationMs: number;
            /** @description While a video is processed that can be watched in part: how much of each rung is encoded. */
            encoding?: {
                name: string;
                percent: number;
            }[];
            /** @description Master playlist; missing, like what follows, while it is not made yet. */
            hls?: string;
            /** @description The largest rung as one file. */
            mp4?: string;
            poster: string;
            /** @description The smallest first; bits per second. */
            rungs: {
                bitrate: number;
                height: number;
                name: string;
                width: number;
            }[];
            /** @description WebVTT with a picture for every few seconds. */
            storyboard?: string;
            /** @description WebVTT. */
            subtitles: {
                language: string;
                url: string;
            }[];
            /** @description Why players could not be given the upload as it is. */
            whyNotStandard: string[];
        };
        VideoPlan: {
            /** @description Milliseconds of one core, estimated. */
            cpuMs: number;
            durationMs: number;
            height: number;
            /** @description How many jobs would share the work. */
            jobs: number;
            /** @description The smallest first. */
            rungs: {
                height: number;
                name: string;
                width: number;
            }[];
            whyNotStandard: string[];
            width: number;
        };
        WantedPlan: {
            mediaId: string;
        } | {
            source: {
                /** @description Of the public internet, unless TWOLANE_OUTGOING_ALLOW says otherwise. */
                url: string;
            } | {
                /** @description Of a file below `incoming/` in the file store. It is copied. */
                key: string;
            };
        };
        Webhook: {
            /** Format: date-time */
            createdAt: string;
            /** @description `gone`: the receiver answered 410. `failing`: nothing went well for too long. */
            disabled: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                reason: "gone" | "failing" | "requested";
            } | null;
            enabled: boolean;
            events: string[];
            /** @description Failed attempts since the last one that went well. */
            failures: number;
            id: string;
            jobTypes: string[] | null;
            ordered: boolean;
            /** @description It hears of this tenant only; null: of all. */
            tenant: string | null;
            url: string;
        };
        WebhookChanges: {
            /** @description True starts a disabled one again and forgets its failures. */
            enabled?: boolean;
            /** @description What it hears of. */
            events?: ("job.succeeded" | "job.dead" | "job.cancelled" | "media.ready" | "media.failed" | "operation.finished" | "post.published" | "notification.announced")[];
            /** @description Job events of these types only. Null: of all types but internal ones. */
            jobTypes?: string[] | null;
            /** @description One delivery after another: one that fails holds the later ones back until its retries are over. */
            ordered?: boolean;
            /** @description `https:`, unless TWOLANE_OUTGOING_ALLOW names its host or network. */
            url?: string;
        };
        WebhookDelivery: {
            attempts: {
                /** Format: date-time */
                at: string;
                durationMs: number;
                error: string | null;
                /** @description Of the answer; null when none came. */
                status: number | null;
            }[];
            /** Format: date-time */
            createdAt: string;
            detail: string | null;
            event: string;
            id: string;
            jobId: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed" | "skipped" | "notice";
            /** @description The header `webhook-id`; null for a notice. */
            webhookId: string | null;
        };
        Worker: {
            /** @description It takes no more jobs and ends when those that it runs are done. */
            draining: boolean;
            /** @description When an operator asked for that. */
            drainRequestedAt: string | null;
            /** Format: date-time */
            heartbeatAt: string;
            host: string;
            id: string;
            /** @description Job types that it can run, with the highest version of each. */
            knows: {
                [key: string]: number;
            };
            memoryBytes: number;
            pid: number;
            queues: {
                concurrency: number;
                /** @description What is wrong with the consumer. */
                late: string | null;
                queue: string;
                /** @description How often it was made anew. */
                rebuilds: number;
                /** @description Since the consumer was last given anything, or could not take more. */
                silentMs: number;
            }[];
            role: string;
            running: number;
            /** Format: date-time */
            startedAt: string;
            version: string;
        };
    };
    responses: {
        /** @description A problem (RFC 9457). */
        Problem: {
            headers: {
                /** @description Seconds, with 429 and 503. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AcceptedMedia = components['schemas']['AcceptedMedia'];
export type AcceptedRenditions = components['schemas']['AcceptedRenditions'];
export type Alarm = components['schemas']['Alarm'];
export type Attempt = components['schemas']['Attempt'];
export type AuditedChange = components['schemas']['AuditedChange'];
export type CreatedWebhook = components['schemas']['CreatedWebhook'];
export type DeadGroup = components['schemas']['DeadGroup'];
export type EnqueuedFlow = components['schemas']['EnqueuedFlow'];
export type EnqueuedJob = components['schemas']['EnqueuedJob'];
export type EnqueueOptions = components['schemas']['EnqueueOptions'];
export type ExtraRenditions = components['schemas']['ExtraRenditions'];
export type FinishedPresignedUpload = components['schemas']['FinishedPresignedUpload'];
export type Flow = components['schemas']['Flow'];
export type FlowJob = components['schemas']['FlowJob'];
export type FlowJobOptions = components['schemas']['FlowJobOptions'];
export type FlowView = components['schemas']['FlowView'];
export type Job = components['schemas']['Job'];
export type JobError = components['schemas']['JobError'];
export type JobEvent = components['schemas']['JobEvent'];
export type JobLogLine = components['schemas']['JobLogLine'];
export type JobSummary = components['schemas']['JobSummary'];
export type JobType = components['schemas']['JobType'];
export type Json = components['schemas']['Json'];
export type Media = components['schemas']['Media'];
export type MediaDescription = components['schemas']['MediaDescription'];
export type MovedJob = components['schemas']['MovedJob'];
export type NewJob = components['schemas']['NewJob'];
export type NewMedia = components['schemas']['NewMedia'];
export type NewOperation = components['schemas']['NewOperation'];
export type NewPresignedUpload = components['schemas']['NewPresignedUpload'];
export type NewSchedule = components['schemas']['NewSchedule'];
export type NewWebhook = components['schemas']['NewWebhook'];
export type Operation = components['schemas']['Operation'];
export type OperationFilter = components['schemas']['OperationFilter'];
export type OperationPreview = components['schemas']['OperationPreview'];
export type OwnJob = components['schemas']['OwnJob'];
export type Pause = components['schemas']['Pause'];
export type PoisonRecord = components['schemas']['PoisonRecord'];
export type PoisonRerun = components['schemas']['PoisonRerun'];
export type PresignedUpload = components['schemas']['PresignedUpload'];
export type Problem = components['schemas']['Problem'];
export type Queue = components['schemas']['Queue'];
export type Rendition = components['schemas']['Rendition'];
export type Repair = components['schemas']['Repair'];
export type Schedule = components['schemas']['Schedule'];
export type ScheduleDefinition = components['schemas']['ScheduleDefinition'];
export type SimilarMedia = components['schemas']['SimilarMedia'];
export type Tenant = components['schemas']['Tenant'];
export type Video = components['schemas']['Video'];
export type VideoPlan = components['schemas']['VideoPlan'];
export type WantedPlan = components['schemas']['WantedPlan'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookChanges = components['schemas']['WebhookChanges'];
export type WebhookDelivery = components['schemas']['WebhookDelivery'];
export type Worker = components['schemas']['Worker'];
export type ResponseProblem = components['responses']['Problem'];
export type $defs = Record<string, never>;
export interface operations {
    getFilesKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string[];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The bytes; 206 for a range. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getHealthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getReadyz: {
        parameters: {
            query?: {
                needs?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Ready; `degraded` names the lanes with a broker that is down or a consumer that is late. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        degraded: ("realtime" | "bulk")[];
                        lanes: {
                            detail?: string;
                            /** @enum {string} */
                            lane: "realtime" | "bulk";
                            server?: string;
                            up: boolean;
                        }[];
                        /** @description Consumers that should have been given something and were not. */
                        late: {
                            queue: string;
                            /** @description How often this consumer was made anew. */
                            rebuilds: number;
                            silentMs: number;
                            why: string;
                            worker: string;
                        }[];
                        /** @enum {string} */
                        status: "ready" | "degraded";
                        /** @description Queues without a consumer that works. */
                        unserved: string[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1AbuseDecisions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of decisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            decision: "review" | "block";
                            /**
                             * @description `log-in-to` counts per account that is tried, `log-in` per client
                             * @enum {string}
                             */
                            deed: "sign-up" | "log-in" | "log-in-to" | "follow" | "like" | "message";
                            /** Format: date-time */
                            firstAt: string;
                            id: string;
                            /** Format: date-time */
                            lastAt: string;
                            rule: string;
                            /** @description A user; for sign-ups and log-ins the network of the client, such as 203.0.113.0/24 */
                            subject: string;
                            /** @description How often, within the rule's window */
                            times: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Alarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Empty when all is well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Alarm"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Dead: {
        parameters: {
            query?: {
                cursor?: string;
                lane?: "realtime" | "bulk";
                limit?: number;
                queue?: string;
                since?: string;
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of groups. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadGroup"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Feed: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of posts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            authorId: string;
                            caption: string;
                            commentCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            likeCount: number;
                            media: Record<string, never>[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Flows: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    flow: components["schemas"]["Flow"];
                    /** @description The same key within 24 h answers the first flow. */
                    idempotencyKey?: string;
                    /** @description For jobs that name none. */
                    tenant?: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnqueuedFlow"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1FlowsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Its jobs, children before their parents. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1FollowRequests: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of requests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            userId: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1FollowRequestsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The user follows you */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1FollowRequestsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The user does not wait any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1FollowersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The user does not follow you */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Inbox: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of threads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            lastMessage: {
                                /** Format: date-time */
                                createdAt: string;
                                /** @description You are kept from reading it, as one of you and the sender has blocked the other */
                                hidden: boolean;
                                id: string;
                                senderId: string;
                                /** @description Its place in the thread, from 1 without gaps */
                                seq: number;
                                text: string;
                            } | null;
                            /** @description Yourself among them */
                            members: {
                                /** @description What came to one of his screens */
                                deliveredSeq: number;
                                id: string;
                                readSeq: number;
                                username: string | null;
                            }[];
                            unreadCount: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1InboxEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Where a broken stream goes on. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description First `ready` with `{unreadThreads}`. Then `message` with `{threadId, seq, id, senderId, text, hidden, createdAt, unreadCount}`, also for messages of your own, and `delivered` and `read` with `{threadId, userId, seq, unreadCount}`: how far a member came. `reset` says that events were missed which are kept no more (the last 1,000 are): read the inbox again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobType"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobTypesTypePause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. What was paused comes back in steps. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        paused: boolean;
                        type: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobTypesTypeResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. What was paused comes back in steps. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        paused: boolean;
                        type: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Jobs: {
        parameters: {
            query?: {
                code?: string;
                cursor?: string;
                fingerprint?: string;
                key?: string;
                lane?: "realtime" | "bulk";
                limit?: number;
                owner?: string;
                q?: string;
                queue?: string;
                schedule?: string;
                since?: string;
                state?: "blocked" | "scheduled" | "waiting" | "queued" | "running" | "succeeded" | "dead" | "cancelled";
                tenant?: string;
                type?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of jobs; fewer than `limit` with a `nextCursor` where so many were looked through. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobSummary"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Jobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Accepted: it is in the ledger and will run. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnqueuedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"] | components["schemas"]["OwnJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsIdAudit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Up to 500. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditedChange"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsIdCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The state that follows. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsIdDiscard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description For `discard`: it can't be undone, and jobs that wait for what is discarded hear of it at once. Default false. */
                    forGood?: boolean;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The state that follows. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsIdEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Where a broken stream goes on. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Events `job`, whose data is shown here; the stream ends after the final state. 204 to a client that reconnects after that. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["JobEvent"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsIdLogs: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobLogLine"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsIdPayload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The payload as it was enqueued, secret fields masked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsIdRestore: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The state that follows. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1JobsIdResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description What the handler returned. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsIdRetry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    payload?: unknown;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The state that follows. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsIdReveal: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The payload as it was enqueued. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1JobsBulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    jobs: components["schemas"]["NewJob"][];
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All accepted, in the order given. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["EnqueuedJob"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1KeysKeyPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. What was paused comes back in steps. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: string;
                        paused: boolean;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1KeysKeyResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. What was paused comes back in steps. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: string;
                        paused: boolean;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Media: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of media. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Media"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMedia"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A job fetches the bytes, then they are processed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedMedia"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1MediaId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The media. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1MediaId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    patchV1MediaId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MediaDescription"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The media as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1MediaIdEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Where a broken stream goes on. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Events `progress` with `{state, jobState, percent, note}`, then one event `state` with the media; the stream ends there. 204 to a client that reconnects after the last event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1MediaIdRenditions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtraRenditions"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A job makes them; the same request again is answered with the same job. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedRenditions"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1MediaIdSimilar: {
        parameters: {
            query?: {
                limit?: number;
                maxDistance?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description What was found; nothing where there is too little to see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimilarMedia"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1MediaPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedPlan"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The plan; null when no worker has looked at the video within 10 s. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobId: string;
                        plan: components["schemas"]["VideoPlan"] | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1MediaPoison: {
        parameters: {
            query?: {
                code?: string;
                cursor?: string;
                kind?: "image" | "video";
                limit?: number;
                outdated?: string;
                sha256?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PoisonRecord"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1MediaPoisonRerun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PoisonRerun"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The operation; follow it as any other. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1NotificationAddresses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Null where there is none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        email: {
                            address: string;
                            confirmed: boolean;
                        } | null;
                        webhook: {
                            url: string;
                        } | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1NotificationAddressesChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel: "email" | "webhook";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Nothing is sent there any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1NotificationAddressesEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: email */
                    address: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The address */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        confirmed: boolean;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1NotificationAddressesEmailConfirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Mail is sent there from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1NotificationAddressesWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    url: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The secret to verify calls with (Standard Webhooks), told here and never again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        secret: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1NotificationPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description What holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The channels that this installation has */
                        available: ("in-app" | "push" | "email" | "webhook")[];
                        /** @description On which channels you hear of each kind; what is critical is on always */
                        channels: {
                            comment: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            follow: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "follow-accepted": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "follow-request": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            like: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "logged-out": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            mention: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            message: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                        };
                        /** @description Nothing but what is critical */
                        off: boolean;
                        /** @description When nothing is announced, but what is critical; it is made up for after them */
                        quietHours: {
                            from: string;
                            timeZone: string;
                            /** @description Earlier than `from` when they last over midnight */
                            to: string;
                        } | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1NotificationPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Where you differ from the defaults of a kind
                     * @default {}
                     */
                    channels?: {
                        comment?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        follow?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        "follow-accepted"?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        "follow-request"?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        like?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        "logged-out"?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        mention?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                        message?: {
                            email?: boolean;
                            "in-app"?: boolean;
                            push?: boolean;
                            webhook?: boolean;
                        };
                    };
                    /**
                     * @description Nothing but what is critical
                     * @default false
                     */
                    off?: boolean;
                    /**
                     * @description When nothing is announced, but what is critical; it is made up for after them
                     * @default null
                     */
                    quietHours?: {
                        from: string;
                        timeZone: string;
                        /** @description Earlier than `from` when they last over midnight */
                        to: string;
                    } | null;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description What holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The channels that this installation has */
                        available: ("in-app" | "push" | "email" | "webhook")[];
                        /** @description On which channels you hear of each kind; what is critical is on always */
                        channels: {
                            comment: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            follow: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "follow-accepted": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "follow-request": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            like: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            "logged-out": {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            mention: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                            message: {
                                email: boolean;
                                "in-app": boolean;
                                push: boolean;
                                webhook: boolean;
                            };
                        };
                        /** @description Nothing but what is critical */
                        off: boolean;
                        /** @description When nothing is announced, but what is critical; it is made up for after them */
                        quietHours: {
                            from: string;
                            timeZone: string;
                            /** @description Earlier than `from` when they last over midnight */
                            to: string;
                        } | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Notifications: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of notifications */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description The newest three */
                            actors: {
                                id: string;
                                username: string | null;
                            }[];
                            /** @description Actors in all */
                            count: number;
                            /**
                             * Format: date-time
                             * @description When the newest actor joined
                             */
                            createdAt: string;
                            id: string;
                            /** @enum {string} */
                            kind: "like" | "comment" | "mention" | "follow" | "follow-request" | "follow-accepted" | "message" | "logged-out";
                            /** @description The post; for a follow yourself, for a message the thread, for what is like nothing else an id of its own */
                            objectId: string;
                            readAt: string | null;
                            text: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1NotificationsIdWhy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The decisions and deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest 100, the newest first */
                        decisions: {
                            /** @description Who caused it; null when the time had come for what was deferred or gathered */
                            actorId: string | null;
                            /** Format: date-time */
                            at: string;
                            /** @enum {string} */
                            kind: "like" | "comment" | "mention" | "follow" | "follow-request" | "follow-accepted" | "message" | "logged-out";
                            notificationId: string | null;
                            objectId: string;
                            /** @enum {string} */
                            outcome: "send" | "drop" | "defer" | "merge";
                            /** @description What each gate said, in their order, up to the one that objected */
                            steps: ({
                                /** @description Those that are left */
                                channels?: ("in-app" | "push" | "email" | "webhook")[];
                                /** @description Those that were wanted and can not reach you */
                                closed?: {
                                    [key: string]: "not_configured" | "no_address" | "not_confirmed";
                                };
                                /** @enum {string} */
                                gate: "deduplicate" | "preference" | "quiet-hours" | "rate" | "aggregate" | "channel";
                                /**
                                 * @description Of a drop
                                 * @enum {string}
                                 */
                                reason?: "no_longer_so" | "nothing_new" | "everything_off" | "turned_off" | "no_channel";
                                /**
                                 * Format: date-time
                                 * @description Of a deferral or merge: when all gates are asked again
                                 */
                                until?: string;
                                /** @enum {string} */
                                verdict: "pass" | "drop" | "defer" | "merge";
                            } & {
                                [key: string]: unknown;
                            })[];
                        }[];
                        /** @description The newest 100, the newest first */
                        deliveries: {
                            /** Format: date-time */
                            at: string;
                            /** @enum {string} */
                            channel: "push" | "email" | "webhook";
                            detail: string | null;
                            settledAt: string | null;
                            /** @enum {string} */
                            state: "pending" | "sent" | "failed" | "gone" | "skipped" | "expired";
                        }[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1NotificationsEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Where a broken stream goes on. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description First `ready` with `{unreadCount}`. Then `notification` with `{id, kind, objectId, count, text, createdAt}` for each announcement; one with the same id is an update. `reset` says that some were missed which are kept no more (the last 500 are): read the list again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1NotificationsRead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    ids?: string[];
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description They are read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1NotificationsWhy: {
        parameters: {
            query: {
                actorId: string;
                objectId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The decisions and deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest 100, the newest first */
                        decisions: {
                            /** @description Who caused it; null when the time had come for what was deferred or gathered */
                            actorId: string | null;
                            /** Format: date-time */
                            at: string;
                            /** @enum {string} */
                            kind: "like" | "comment" | "mention" | "follow" | "follow-request" | "follow-accepted" | "message" | "logged-out";
                            notificationId: string | null;
                            objectId: string;
                            /** @enum {string} */
                            outcome: "send" | "drop" | "defer" | "merge";
                            /** @description What each gate said, in their order, up to the one that objected */
                            steps: ({
                                /** @description Those that are left */
                                channels?: ("in-app" | "push" | "email" | "webhook")[];
                                /** @description Those that were wanted and can not reach you */
                                closed?: {
                                    [key: string]: "not_configured" | "no_address" | "not_confirmed";
                                };
                                /** @enum {string} */
                                gate: "deduplicate" | "preference" | "quiet-hours" | "rate" | "aggregate" | "channel";
                                /**
                                 * @description Of a drop
                                 * @enum {string}
                                 */
                                reason?: "no_longer_so" | "nothing_new" | "everything_off" | "turned_off" | "no_channel";
                                /**
                                 * Format: date-time
                                 * @description Of a deferral or merge: when all gates are asked again
                                 */
                                until?: string;
                                /** @enum {string} */
                                verdict: "pass" | "drop" | "defer" | "merge";
                            } & {
                                [key: string]: unknown;
                            })[];
                        }[];
                        /** @description The newest 100, the newest first */
                        deliveries: {
                            /** Format: date-time */
                            at: string;
                            /** @enum {string} */
                            channel: "push" | "email" | "webhook";
                            detail: string | null;
                            settledAt: string | null;
                            /** @enum {string} */
                            state: "pending" | "sent" | "failed" | "gone" | "skipped" | "expired";
                        }[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Operations: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of operations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Operation"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Operations: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperation"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The operation as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"] | components["schemas"]["OperationPreview"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1OperationsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The operation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1OperationsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The operation as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1OperationsIdUndo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The operation as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Pauses: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Pause"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Posts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Who may see it beside its author. With `me` it leaves all feeds, and comes back into them later
                     * @default everyone
                     * @enum {string}
                     */
                    audience?: "everyone" | "followers" | "me";
                    /** @default  */
                    caption?: string;
                    mediaIds: string[];
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        jobId: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1PostsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The post */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Who may see it beside its author. With `me` it leaves all feeds, and comes back into them later
                         * @enum {string}
                         */
                        audience: "everyone" | "followers" | "me";
                        authorId: string;
                        caption: string;
                        commentCount: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The author's own posts: how far it came on its way to the followers */
                        delivery?: {
                            /** @description Feeds that have it */
                            delivered: number;
                            /** @description Every page has been delivered, or there is none to deliver */
                            finished: boolean;
                            /** @description Feeds covered by the pages enqueued so far */
                            followers: number;
                            /** @description So many follow the author that it is merged into their feeds as they read them */
                            merged: boolean;
                            pages: number;
                            pagesDone: number;
                        };
                        /** @description Why it is `failed`. A post whose media failed is published after all once their job is retried */
                        error?: {
                            code: string;
                            message: string;
                        };
                        id: string;
                        /** @description The author's own posts: the job that publishes it */
                        jobId?: string;
                        likeCount: number;
                        media: Record<string, never>[];
                        /**
                         * @description Others than the author see published posts only
                         * @enum {string}
                         */
                        state: "pending" | "published" | "failed";
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1PostsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Nobody can read it any more */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    patchV1PostsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Who may see it beside its author. With `me` it leaves all feeds, and comes back into them later
                     * @enum {string}
                     */
                    audience: "everyone" | "followers" | "me";
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description So it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Who may see it beside its author. With `me` it leaves all feeds, and comes back into them later
                         * @enum {string}
                         */
                        audience: "everyone" | "followers" | "me";
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1PostsIdComments: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of comments */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            authorId: string;
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            text: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1PostsIdComments: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Who else is mentioned: for products with users and names of their own
                     * @default []
                     */
                    mentionIds?: string[];
                    /** @description `@name` mentions somebody, who is notified */
                    text: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The comment */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1PostsIdLike: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description You like the post */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1PostsIdLike: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description You do not like the post */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1Privacy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    private: boolean;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description So it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        private: boolean;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1PushSubscriptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            endpoint: string;
                            id: string;
                        }[];
                        /** @description `applicationServerKey` of `subscribe`; null: no Web Push here */
                        publicKey: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1PushSubscriptions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    endpoint: string;
                    keys: {
                        auth: string;
                        p256dh: string;
                    };
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The subscription */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1PushSubscriptionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Nothing is sent there any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All queues. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Queue"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    patchV1QueuesLaneQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lane: "realtime" | "bulk";
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description New jobs are refused with 429 while the oldest one waits longer; null: as the configuration says. */
                    maxAgeMs: number | null;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Judged anew within a second. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        lane: "realtime" | "bulk";
                        /** @description New jobs are refused with 429 while the oldest one waits longer; null: as the configuration says. */
                        maxAgeMs: number | null;
                        queue: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1QueuesLaneQueuePause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                lane: "realtime" | "bulk";
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        lane: "realtime" | "bulk";
                        paused: boolean;
                        queue: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1QueuesLaneQueueResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                lane: "realtime" | "bulk";
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Done; dispatchers and workers act on it within a second. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        lane: "realtime" | "bulk";
                        paused: boolean;
                        queue: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Repairs: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of repairs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Repair"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Schedules: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Schedule"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1SchedulesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1SchedulesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1SchedulesName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1SchedulesNamePause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1SchedulesNameResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1SchedulesNameRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The job. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnqueuedJob"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    /** @description Unique in whatever case */
                    username: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A session */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description Moves on while the session is used
                         */
                        expiresAt: string;
                        token: string;
                        userId: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1Sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description No token of the user works any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1SessionsCurrent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The token no longer works */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Tenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description By name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Tenant"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1TenantsTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description So many of its jobs for one of a tenant of weight 1, while both have jobs waiting. The usual weight is 1. */
                    weight: number;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Counts for jobs that are enqueued from now on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Threads: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The others, 1 to 31 */
                    memberIds: string[];
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The thread */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1ThreadsIdMessages: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            /** @description You are kept from reading it, as one of you and the sender has blocked the other */
                            hidden: boolean;
                            id: string;
                            senderId: string;
                            /** @description Its place in the thread, from 1 without gaps */
                            seq: number;
                            text: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1ThreadsIdMessages: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of your choice; the same again answers the same message */
                    clientMessageId: string;
                    text: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description It is written, and is being delivered */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Its place in the thread, from 1 */
                        seq: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1ThreadsIdRead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    seq?: number;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description It is read */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Tokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Seconds; a stream ticket lives 60 at most.
                     * @default 3600
                     */
                    expiresInS?: number;
                    /** @description Default: the caller's own. */
                    scopes?: string[];
                    /**
                     * @default access
                     * @enum {string}
                     */
                    use?: "access" | "stream";
                    /** @description Whose token. Default: the acting user. */
                    userId?: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The token, shown once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        token: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Trending: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The list, the strongest first; `asOf` is null before the first one was made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asOf: string | null;
                        /** @description Why there are no items */
                        empty?: {
                            /** @enum {string} */
                            code: "not_ranked_yet" | "no_tags" | "too_few_people" | "nothing_new";
                            message: string;
                        };
                        items: {
                            /** @description People who used it, or a variant, in its best five minutes */
                            count: number;
                            score: number;
                            /** @description Lower case, without the sign; of spelling variants the strongest */
                            tag: string;
                        }[];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1UnsubscribeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page for people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1UnsubscribeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page for people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": unknown;
                };
            };
            /** @description A page that says that the link is not valid any more */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Uploads: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description For those who can not see it. */
                    altText?: string;
                    /** Format: binary */
                    file: string;
                    /** @description Looks in which a photo is made as well, such as `noir,amber`. */
                    filters?: string;
                    /** @description A JSON object, echoed in answers. */
                    metadata?: string;
                    /** @description Of the file, hex. What arrives otherwise is refused with 422. */
                    sha256?: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The bytes are safe; the renditions follow. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedMedia"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1UploadsPresigned: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPresignedUpload"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description PUT the file there, then hand its key over. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PresignedUpload"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1UploadsPresignedFinish: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishedPresignedUpload"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The same media however often it is asked for. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedMedia"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1UploadsTus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The upload is at `Location`. `Upload-Offset` when bytes came along. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1UploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All that came is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    headV1UploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description `Upload-Offset` and `Upload-Length`; `Twolane-Media-Id` once it is complete. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    patchV1UploadsTusId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description They are safe; `Upload-Offset` says how far it is. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    /** @description Unique in whatever case */
                    username: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The new user */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        username: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1UsersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The profile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        followerCount: number;
                        followingCount: number;
                        id: string;
                        postCount: number;
                        /** @description Posts and comments are for followers, whom the user has let in */
                        private: boolean;
                        /** @description Null for users whom another product keeps */
                        username: string | null;
                        /** @enum {string} */
                        youFollow: "yes" | "asked" | "no";
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1UsersIdBlock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The user is blocked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1UsersIdBlock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The user is not blocked by you */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    putV1UsersIdFollow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description You follow the user, or wait for an answer: `youFollow` of the profile tells */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1UsersIdFollow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description You do not follow the user */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1UsersIdPosts: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of posts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            authorId: string;
                            caption: string;
                            commentCount: number;
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            likeCount: number;
                            media: Record<string, never>[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Webhooks: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of webhooks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Webhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1WebhooksId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteV1WebhooksId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    patchV1WebhooksId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChanges"];
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1WebhooksIdDeliveries: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A page of the log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        nextCursor: string | null;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1WebhooksIdDeliveriesDeliveryIdRedeliver: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                deliveryId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The delivery, on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1WebhooksIdRotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Seconds in which both secrets sign. Default a day.
                     * @default 86400
                     */
                    overlapS?: number;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description `whsec_…`, shown once. */
                        secret: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1WebhooksIdTest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description The delivery, on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1Welcome: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description A token for 12 hours. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        token: string;
                        userId: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getV1Workers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Worker"][];
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    postV1WorkersIdDrain: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["Problem"];
            /** @description It is asked; asking again changes nothing. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        draining: true;
                        id: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
