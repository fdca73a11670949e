//! The tables as Diesel sees them, the same for both databases. A test holds them against the migrations.

diesel::table! {
    users (id) {
        id -> BigInt,
        email -> Text,
        hashed_password -> Text,
        is_active -> Bool,
        last_login_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    items (id) {
        id -> BigInt,
        owner_id -> BigInt,
        title -> Text,
        description -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        title_key -> Text,
    }
}

diesel::table! {
    roles (id) {
        id -> BigInt,
        name -> Text,
        description -> Text,
        is_builtin -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        name_key -> Text,
        requires_second_factor -> Bool,
    }
}

diesel::table! {
    user_roles (user_id, role_id) {
        user_id -> BigInt,
        role_id -> BigInt,
    }
}

diesel::table! {
    sorted_user_roles (user_id, role_id) {
        user_id -> BigInt,
        role_id -> BigInt,
        email -> Text,
        is_active -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> BigInt,
        permission -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        key_hash -> Text,
        user_id -> BigInt,
        address -> Text,
        user_agent -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
        owes_factor -> Bool,
    }
}

diesel::table! {
    setup_tokens (token_hash) {
        token_hash -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    account_locks (user_id) {
        user_id -> BigInt,
        reason -> Text,
        at -> Timestamp,
        by_id -> Nullable<BigInt>,
        by_name -> Text,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        at -> Timestamp,
        change_set -> Text,
        actor_id -> Nullable<BigInt>,
        actor -> Text,
        action -> Text,
        entity -> Text,
        record_id -> Nullable<BigInt>,
        record -> Text,
        changes -> Text,
        whole -> Text,
        reason -> Text,
        address -> Text,
        session_id -> Nullable<BigInt>,
        request_id -> Text,
        chain -> BigInt,
        position -> BigInt,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_chains (chain) {
        chain -> BigInt,
        position -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    password_links (token_hash) {
        token_hash -> Text,
        user_id -> BigInt,
        expires_at -> Timestamp,
        created_at -> Timestamp,
    }
}

diesel::table! {
    session_holders (key_hash) {
        key_hash -> Text,
        user_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    kept_submissions (id) {
        id -> BigInt,
        token_hash -> Text,
        user_id -> BigInt,
        ciphertext -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    done_requests (key_hash) {
        key_hash -> Text,
        user_id -> BigInt,
        location -> Text,
        notice -> Text,
        done_at -> Timestamp,
    }
}

diesel::table! {
    totp_secrets (user_id) {
        user_id -> BigInt,
        ciphertext -> Text,
        confirmed_at -> Nullable<Timestamp>,
        last_step -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (id) {
        id -> BigInt,
        user_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    passkeys (id) {
        id -> BigInt,
        user_id -> BigInt,
        credential_id -> Text,
        name -> Text,
        credential -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    passkey_challenges (token_hash) {
        token_hash -> Text,
        user_id -> Nullable<BigInt>,
        ceremony -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    login_throttles (key) {
        key -> Text,
        user_id -> Nullable<BigInt>,
        failures -> BigInt,
        held_until -> Timestamp,
        last_failed_at -> Timestamp,
        is_on_record -> Bool,
    }
}

diesel::table! {
    devices (token_hash) {
        token_hash -> Text,
        user_id -> BigInt,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        key_hash -> Text,
        user_id -> BigInt,
        who -> Text,
        entity -> Text,
        action -> Text,
        value -> Text,
        title -> Text,
        selection -> Text,
        total -> BigInt,
        place -> BigInt,
        changed -> BigInt,
        unchanged -> BigInt,
        refused -> BigInt,
        failed -> BigInt,
        refusals -> Text,
        state -> Text,
        reason -> Text,
        is_confirmed -> Bool,
        wants_to_end -> Bool,
        change_set -> Text,
        session_id -> Nullable<BigInt>,
        address -> Text,
        request_id -> Text,
        worker -> Text,
        leased_until -> Timestamp,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(items -> users (owner_id));
diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(user_roles -> roles (role_id));
diesel::joinable!(role_permissions -> roles (role_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(password_links -> users (user_id));
diesel::joinable!(session_holders -> users (user_id));
diesel::joinable!(kept_submissions -> users (user_id));
diesel::joinable!(done_requests -> users (user_id));
diesel::joinable!(totp_secrets -> users (user_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::joinable!(passkeys -> users (user_id));
diesel::joinable!(passkey_challenges -> users (user_id));
diesel::joinable!(login_throttles -> users (user_id));
diesel::joinable!(devices -> users (user_id));

diesel::allow_tables_to_appear_in_same_query! {
    users, items, roles, user_roles, sorted_user_roles, role_permissions, sessions, setup_tokens, account_locks,
    audit_entries, audit_chains, password_links, session_holders, kept_submissions, done_requests,
    totp_secrets, recovery_codes, passkeys, passkey_challenges, login_throttles, devices, jobs,
}
