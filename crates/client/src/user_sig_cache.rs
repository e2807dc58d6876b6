use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use trtc_call_core::client_defaults::USER_SIG_RESERVE_DIVISOR;
use trtc_call_core::usersig::UserSigSigner;
use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId, UserSig};

/// The admin's UserSig, made once and again before it expires.
pub(crate) struct UserSigCache {
    signer: UserSigSigner,
    lifetime: u64,
    current: Mutex<Option<Cached>>,
}

struct Cached {
    user_sig: UserSig,
    made_at: UnixSeconds,
}

impl UserSigCache {
    pub(crate) fn new(
        sdk_app_id: SdkAppId,
        secret_key: &SecretKey,
        lifetime: Duration,
    ) -> UserSigCache {
        UserSigCache {
            signer: UserSigSigner::new(sdk_app_id, secret_key),
            lifetime: lifetime.as_secs(),
            current: Mutex::new(None),
        }
    }

    /// A UserSig with enough of its lifetime left. A clock that was set back makes a new one.
    pub(crate) fn get(&self, admin: &UserId, now: UnixSeconds) -> UserSig {
        let mut current = self.lock();
        let reserve = self.lifetime / u64::from(USER_SIG_RESERVE_DIVISOR);
        let is_fresh = |cached: &&Cached| match now.0.checked_sub(cached.made_at.0) {
            Some(age) => age < self.lifetime - reserve,
            None => false,
        };
        if let Some(cached) = current.as_ref().filter(is_fresh) {
            return cached.user_sig.clone();
        }
        let user_sig = self.signer.sign(admin, self.lifetime, now);
        *current = Some(Cached {
            user_sig: user_sig.clone(),
            made_at: now,
        });
        user_sig
    }

    /// Signs for others than the admin.
    pub(crate) fn signer(&self) -> &UserSigSigner {
        &self.signer
    }

    /// How long each UserSig is valid, in seconds.
    pub(crate) fn lifetime(&self) -> u64 {
        self.lifetime
    }

    /// Makes the next request sign anew, after the service refused this one.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Cached>> {
        // What it guards is replaced whole, and so is never half-written.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (UserSigCache, UserId) {
        let key = SecretKey::new("key").unwrap();
        let app = SdkAppId::new(1_400_000_000).unwrap();
        (
            UserSigCache::new(app, &key, Duration::from_secs(1000)),
            UserId::new("admin").unwrap(),
        )
    }

    #[test]
    fn a_user_sig_is_reused_until_a_tenth_of_its_lifetime_is_left() {
        let (cache, admin) = cache();
        let first = cache.get(&admin, UnixSeconds(5000));
        assert_eq!(cache.get(&admin, UnixSeconds(5899)), first);
        let second = cache.get(&admin, UnixSeconds(5900));
        assert_ne!(second, first);
        assert_eq!(cache.get(&admin, UnixSeconds(6700)), second);
    }

    #[test]
    fn a_clock_set_back_and_a_refusal_make_a_new_one() {
        let (cache, admin) = cache();
        let first = cache.get(&admin, UnixSeconds(5000));
        assert_ne!(cache.get(&admin, UnixSeconds(4999)), first);
        let at_5000 = cache.get(&admin, UnixSeconds(5000));
        cache.forget();
        assert_ne!(cache.get(&admin, UnixSeconds(5001)), at_5000);
    }
}
