/** Sizes, waits and retention times. Each stands here once; infra, functions and the local gateway read it. */

export const BYTES_PER_MB = 2 ** 20;

/** API Gateway REST: largest request body, in bytes. */
export const API_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** API Gateway REST: largest headers of a request, all together, in bytes. */
export const API_HEADER_BYTES = 10_240;

/** Largest body, in bytes. In base64 it leaves room for all else, headers and address twice, in the 6 MB of Lambda's events. */
export const MAX_BODY_BYTES = Math.floor(4.4 * BYTES_PER_MB);

/** How deep JSON in a request may be nested. */
export const MAX_JSON_DEPTH = 64;

/** Largest body after gzip is undone, in bytes; the prover takes no larger one either. */
export const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** API Gateway REST: an integration is given up after this long. */
export const API_TIMEOUT_SECONDS = 29;

/** Requests the whole API takes, per second and at once; beyond them API Gateway answers 429. */
export const API_REQUESTS_PER_SECOND = 500;
export const API_REQUEST_BURST = 1000;

/** Requests without an API key that come from one address in a while, unless the deployment says otherwise. */
export const REQUESTS_WITHOUT_KEY = 600;

/** Requests from one address in such a window, with an API key or what looks like one. */
export const REQUESTS_FROM_ONE_ADDRESS = 12_000;
export const RATE_WINDOW_SECONDS = 60;

/** Memory and time-out of the function that looks API keys up. */
export const AUTHORIZE_MB = 256;
export const AUTHORIZE_TIMEOUT_SECONDS = 10;
/** How long API Gateway goes by its answer, unless the deployment says otherwise. */
export const AUTHORIZATION_CACHE_SECONDS = 60;

/** The function that writes the audit log, and how long it collects for one object. */
export const AUDIT_MB = 256;
export const AUDIT_TIMEOUT_SECONDS = 60;
export const AUDIT_WINDOW_SECONDS = 60;

/** Memory of the functions that answer the API. */
export const SUBMIT_MB = 1024;
export const STATUS_MB = 512;

/** How long a request may wait for its job; below the gateway's own limit, so that the answer is always ours. */
export const MAX_WAIT_SECONDS = 25;

/** What a client is told to wait before it asks again (Retry-After). */
export const RETRY_AFTER_SECONDS = 2;

/** A call to AWS that has no answer by then counts as failed, and is made again. */
export const AWS_CONNECT_MS = 3000;
export const AWS_ANSWER_MS = 10_000;

/** How often a call to AWS is made before it counts as failed; the pauses between come to a few seconds. */
export const AWS_ATTEMPTS = 5;

/** How long a presigned URL works. */
export const PRESIGNED_URL_SECONDS = 900;

/** Circuits of one contract. */
export const MAX_CIRCUITS = 256;

/** Circuits that a tenant may register, unless its limits say otherwise. */
export const TENANT_CIRCUITS = 1000;

/** Largest ZKIR file, in bytes; the prover reads no larger one. */
export const MAX_ZKIR_BYTES = 16 * BYTES_PER_MB;

/** Largest file that can be uploaded, in bytes; a prover key of k=19 has some 600 MB. */
export const MAX_UPLOAD_BYTES = 2 ** 30;

/** Longest circuit name (a key location), in characters; it stands in the job's row and in logs. */
export const MAX_CIRCUIT_NAME = 256;

/** What a job may be labelled with: names and values in characters. */
export const MAX_LABELS = 16;
export const MAX_LABEL_NAME = 64;
export const MAX_LABEL_VALUE = 256;

/** Longest Idempotency-Key, in characters. */
export const MAX_IDEMPOTENCY_KEY = 255;

/** Jobs of one batch; proofs of one verification. */
export const MAX_BATCH = 100;

/** Jobs on one page of a list, and how many there are if the request does not say. */
export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;

/** Attempts at one job before it ends as failed. */
export const MAX_ATTEMPTS = 3;

/** How long a worker's hold on its job lasts unless it is renewed: so soon the job of a dead one is tried again. */
export const LEASE_SECONDS = 15;

/** Deliveries of one message before it is a dead letter. More than attempts: throttled deliveries count, too. */
export const MAX_RECEIVES = 10;

/** Pause before a failed attempt's message is delivered again. */
export const REDELIVERY_SECONDS = 2;

/** Visibility time-out of a lane's queue as a multiple of its function's time-out (AWS recommends at least 6). */
export const VISIBILITY_FACTOR = 6;

/** Time-out of settle, which empties the dead-letter queue. */
export const SETTLE_TIMEOUT_SECONDS = 20;

/** How long a message stays there that settle can't handle: as long as SQS keeps any. */
export const DEAD_LETTER_RETENTION_DAYS = 14;

/** Largest result with its statement that stands in the job's row, in bytes: DynamoDB takes items up to 400 KB. */
export const MAX_RESULT_IN_ROW_BYTES = 300 * 1024;

/** How long an ended job can be read. */
export const JOB_RETENTION_HOURS = 24;

/** How long what a synchronous request came to can be had by making it again. */
export const ANSWER_RETENTION_SECONDS = 900;

/** The same of the proofs that its transaction is made of: that may take several attempts. */
export const PART_RETENTION_SECONDS = 3600;

/** How long a message may wait in a queue. A job that waited longer is over. */
export const QUEUE_RETENTION_HOURS = 12;

/** Last resort for a witness whose deletion failed: the bucket removes it (S3 counts in whole days). */
export const WITNESS_RETENTION_DAYS = 1;

/** How far back the table's recovery points go: DynamoDB keeps them so long unless it is told otherwise. */
export const RECOVERY_DAYS = 35;

/** A sealing key is given out for so long; then the next one takes over. */
export const SEALING_KEY_DAYS = 30;

/** So much longer is taken what clients seal with it, since they keep it for a while. */
export const SEALING_KEY_OVERLAP_HOURS = 24;

/** So much longer it opens what was taken: the time in the queue, and as much again for attempts. */
export const SEALING_KEY_OPENS_HOURS = 2 * QUEUE_RETENTION_HOURS;

/** How long an upload waits for the registration that it is for. */
export const UPLOAD_RETENTION_DAYS = 1;

/** Keys that are not derived this long after their message was sent: it is sent once more. */
export const KEYS_GRACE_SECONDS = 1800;

/** Keys that are not derived this long after they were asked for never will be. */
export const KEYS_PATIENCE_SECONDS = 3 * 3600;

/** How long a source of parameters may keep silent before its connection is given up. */
export const DOWNLOAD_IDLE_SECONDS = 20;

/** Connections that bring next to nothing before a download is given up, and the first pause between them, which doubles. */
export const DOWNLOAD_RETRIES = 4;
export const DOWNLOAD_PAUSE_MS = 500;

/** Who brings an artifact into S3 says so anew every third of this time. Silent for longer, it is taken to have died. */
export const BRINGING_SECONDS = 30;

/** How long inlined keys are kept after they were last stored. */
export const INLINED_KEYS_RETENTION_DAYS = 30;

/** A job that is not in its queue this long after admission lost its request on the way. */
export const ENQUEUE_GRACE_SECONDS = 60;

/** A job whose worker died this long ago, and whose message has not come back, gets another one. */
export const WORKER_GRACE_SECONDS = 300;

/** A witness that lies there for so long although its job has ended was put there late, or could not be deleted. */
export const WITNESS_GRACE_SECONDS = 900;

/** A job that nobody works at this long after its message was sent gets another one: the first may be lost. */
export const MESSAGE_GRACE_SECONDS = 3600;

/** What of a function's /tmp keys and parameters may fill. The rest is for what is being written. */
export const ARTIFACT_DISK_SHARE = 0.75;

/** What of a function's memory the prover may fill with parsed artifacts. A proof takes about as much again, and while
 * new ones are read the old ones are still there. */
export const PROVER_CACHE_SHARE = 0.4;
