//! What a Node binary exports beside Node-API.

use std::ffi::{CString, c_void};

/// The address of a function that this process exports.
pub fn symbol(name: &str) -> Result<*mut c_void, String> {
    let terminated = CString::new(name).map_err(|error| error.to_string())?;
    // SAFETY: the name ends in a NUL, and dlsym keeps no reference to it.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, terminated.as_ptr()) };
    if address.is_null() {
        return Err(format!(
            "this Node exports no {name}: it is no official binary"
        ));
    }
    Ok(address)
}

/// `v8::External::Value()`. From Node 20 on `napi_get_value_external` reads only the externals that Node-API made, which Node's own
/// are not; V8's function reads all. It is a method, and takes the handle that a `napi_value` is.
///
/// # Safety
/// `handle` is a `napi_value` of the call under way, and an external.
pub unsafe fn external_value(handle: *const c_void) -> Result<*mut c_void, String> {
    type Value = unsafe extern "C" fn(*const c_void) -> *mut c_void;
    type TaggedValue = unsafe extern "C" fn(*const c_void, u16) -> *mut c_void;
    if let Ok(address) = symbol("_ZNK2v88External5ValueEv") {
        // SAFETY: the name says the type: a const method without arguments. The handle is promised by the caller.
        return Ok(unsafe { std::mem::transmute::<*mut c_void, Value>(address)(handle) });
    }
    // Node 26's V8 takes a tag, which means something in builds with V8's sandbox alone, and Node's are none.
    let address = symbol("_ZNK2v88External5ValueEt")?;
    // SAFETY: as above, with one argument of 16 bits.
    Ok(unsafe { std::mem::transmute::<*mut c_void, TaggedValue>(address)(handle, 0) })
}
